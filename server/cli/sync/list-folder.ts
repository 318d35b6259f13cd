import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { openFolderStore } from '#client/node/oplog/folder-store.ts'
import { importKeys, type OplogKeys } from '#client/surfaces/oplog/keys.ts'
import type { Refused } from '#client/surfaces/oplog/news.ts'
import {
  decodeSetOperation,
  encodeSetOperation,
  ObservedRemoveSet,
  type SetChange,
  type SetOperation,
} from '#client/surfaces/oplog/observed-remove-set.ts'
import { OperationLog } from '#client/surfaces/oplog/operation-log.ts'
import type { Transport } from '#client/transport/transport.ts'
import { usageFailure } from '#server/cli/terminal/failure.ts'
import { chooseServer } from '#server/cli/terminal/server-address.ts'
import type { VerbContext } from '#server/cli/terminal/verb-group.ts'
import { writeNewFile } from '#server/cli/terminal/write-new-file.ts'

/** Options every verb has. */
export type FolderOptions = { folder: string; server?: string; json?: boolean }

/** The folder of a list: whoever can read it can read the list, as with any file of this user. */
const names = { key: 'private-key.der', server: 'server.json', log: 'log' }
const ownerOnly = 0o600

export type SharedList = {
  log: OperationLog
  set: ObservedRemoveSet
  /** Write an operation down, to be sent by the next `sync run`. */
  change(operation: SetOperation): Promise<void>
}

export type Listeners = { onChange?(change: SetChange): void; onRefused?(refused: Refused): void }

/** @throws usage failure when the folder is one of a list already */
export async function writeListFolder(folder: string, pkcs8: Uint8Array, server: string): Promise<void> {
  await writeNewFile(join(folder, names.key), pkcs8, ownerOnly).catch((error) => {
    if (error?.name === 'FileExists') throw usageFailure(`${folder} has a list already`)
    if (error?.code === 'ENOENT') throw usageFailure(`There is no folder ${folder}`)
    throw error
  })
  await writeNewFile(join(folder, names.server), `${JSON.stringify({ format: 1, server })}\n`, ownerOnly)
}

/**
 * The list in a folder, as this device knows it. Talks to nobody.
 *
 * @throws usage failure when there is none; MalformedKey, DamagedState
 */
export async function openListFolder(
  ctx: VerbContext,
  { folder, server }: FolderOptions,
  listeners: Listeners = {},
): Promise<SharedList> {
  const opened = await openListKeys(ctx, { folder, server })
  const set = new ObservedRemoveSet()
  const log = await OperationLog.open({
    ...opened,
    store: await openFolderStore(join(folder, names.log)),
    onOperation({ content }) {
      const operation = decodeSetOperation(content)
      const change = operation && set.apply(operation)
      if (change) listeners.onChange?.(change)
    },
    onRefused: listeners.onRefused,
  })
  for await (const { content } of log.operations()) {
    const operation = decodeSetOperation(content)
    if (operation) set.apply(operation)
  }
  return {
    log,
    set,
    change: async (operation) => {
      await log.append(encodeSetOperation(operation))
    },
  }
}

/** The key of the list in a folder, and where it is kept. @throws usage failure when there is none; MalformedKey */
export async function openListKeys(
  ctx: VerbContext,
  { folder, server }: FolderOptions,
): Promise<{ keys: OplogKeys; server: Transport }> {
  const pkcs8 = await readFile(join(folder, names.key)).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') throw usageFailure(`${folder} has no list; "sync init" or "sync join" makes one`)
    throw error
  })
  const address = server ?? (ctx.terminal.env.HEARTHKEEP_SERVER || (await readServer(folder)))
  return { keys: await importKeys(new Uint8Array(pkcs8)), server: chooseListServer(ctx, address) }
}

/** @throws usage failure */
export function chooseListServer({ terminal, localServer }: VerbContext, asked: string | undefined): Transport {
  return chooseServer(asked, terminal, localServer, 'the public key of the list, and copy its encrypted operations')
}

async function readServer(folder: string): Promise<string | undefined> {
  try {
    const { server } = JSON.parse(await readFile(join(folder, names.server), 'utf8')) as { server?: unknown }
    return typeof server === 'string' ? server : undefined
  } catch {
    // Only a convenience: without it the server is named by option or environment.
    return undefined
  }
}
