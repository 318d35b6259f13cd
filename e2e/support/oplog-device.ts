import { cp } from 'node:fs/promises'
import { openFolderStore } from '#client/node/oplog/folder-store.ts'
import type { OplogKeys } from '#client/surfaces/oplog/keys.ts'
import { OperationLog } from '#client/surfaces/oplog/operation-log.ts'
import { openOperation } from '#client/surfaces/oplog/operation-payload.ts'
import { readLines } from '#client/surfaces/oplog/read-lines.ts'
import { Transport } from '#client/transport/transport.ts'

export type TestDevice = {
  log: OperationLog
  /** What it was told since it was opened. */
  heard: string[]
  append(text: string): Promise<unknown>
  /** Everything it has, sorted. */
  all(): Promise<string[]>
  /** A crash and a new start, perhaps with the server at another address: nothing but the folder is left. */
  restart(url?: string): Promise<TestDevice>
  /** Another machine with a copy of the folder, as after restoring a backup. */
  clone(folder: string): Promise<TestDevice>
}

/** A device whose whole memory is a folder. It waits for nothing between its tries, so that tests are quick. */
export async function openDevice(url: string, keys: OplogKeys, folder: string): Promise<TestDevice> {
  const heard: string[] = []
  const log = await OperationLog.open({
    server: new Transport({ baseUrl: url, pause: async () => {} }),
    keys,
    store: await openFolderStore(folder),
    onOperation: ({ content }) => heard.push(new TextDecoder().decode(content)),
  })
  return {
    log,
    heard,
    append: (text) => log.append(new TextEncoder().encode(text)),
    async all() {
      const texts: string[] = []
      for await (const { content } of log.operations()) texts.push(new TextDecoder().decode(content))
      return texts.sort()
    },
    restart: (elsewhere = url) => openDevice(elsewhere, keys, folder),
    async clone(to) {
      await cp(folder, to, { recursive: true })
      return openDevice(url, keys, to)
    },
  }
}

/** What the server holds, asked for by somebody who knows nothing yet: slot and text of every line. */
export async function readWholeLog(url: string, keys: OplogKeys): Promise<{ slot: string; text: string }[]> {
  const json = { client_id: crypto.randomUUID(), sync_status: {}, user: keys.user }
  const reply = await new Transport({ baseUrl: url }).send({ method: 'POST', path: '/sync', json })
  const lines: { slot: string; text: string }[] = []
  for await (const batch of readLines(reply.pieces())) {
    for (const { clientId, index, payload } of batch) {
      const opened = await openOperation(keys, { clientId, index }, payload)
      const text = 'content' in opened ? new TextDecoder().decode(opened.content) : opened.refused
      lines.push({ slot: `${clientId}.${index}`, text })
    }
  }
  return lines
}
