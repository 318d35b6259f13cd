import { watch } from 'node:fs'
import { mkdir, open, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { DamagedState } from '#client/surfaces/oplog/errors.ts'
import type {
  Acknowledged,
  OplogStore,
  OwnClient,
  OwnOperation,
  ReceivedOperation,
} from '#client/surfaces/oplog/oplog-store.ts'
import { codeOf, replaceDurably, writeExclusively } from './durable-file.ts'

/**
 * A log kept in a folder, readable by its owner alone. Any number of processes may use it at once, without locks:
 *
 * - `own/<generation>.client.json`: a client id, made by whoever comes first
 * - `own/<client id>.<index>.json`: an operation; that its name is free is what makes the index free
 * - `received.ndjson`: only ever appended to; a line that a crash cut short is passed over, and sent again by the server
 * - `acknowledged.json`: what the server is known to have
 *
 * @throws what the file system throws
 */
export async function openFolderStore(folder: string): Promise<OplogStore> {
  const own = join(folder, 'own')
  await mkdir(own, { recursive: true, mode: 0o700 })
  const received = join(folder, 'received.ndjson')
  const acknowledged = join(folder, 'acknowledged.json')
  const clientFile = (generation: number) => join(own, `${generation}.client.json`)
  const operationFile = (clientId: string, index: number) => join(own, `${clientId}.${index}.json`)

  return {
    async readClients() {
      const texts = await readWhileThere((generation) => readText(clientFile(generation)), 0)
      return texts.map((text) => parse<OwnClient>(text))
    },
    addClient: (generation, client) => writeExclusively(clientFile(generation), JSON.stringify(client)),

    async readOwn(clientId, from) {
      const texts = await readWhileThere((index) => readText(operationFile(clientId, index)), from)
      return texts.map((text) => parse<OwnOperation>(text))
    },
    claim: (clientId, index, operation) => writeExclusively(operationFile(clientId, index), JSON.stringify(operation)),

    async readReceived(position) {
      const bytes = await readFrom(received, position ?? 0)
      const whole = bytes.subarray(0, bytes.lastIndexOf('\n') + 1)
      const lines = whole.toString('utf8').split('\n').filter(Boolean)
      return { operations: lines.flatMap(readLine), position: (position ?? 0) + whole.length }
    },
    async keep(operations) {
      const file = await open(received, 'a', 0o600)
      try {
        // The newline in front ends what an earlier crash may have left unfinished.
        await file.appendFile(`\n${operations.map((operation) => `${JSON.stringify(operation)}\n`).join('')}`)
        await file.datasync()
      } finally {
        await file.close()
      }
    },

    async readAcknowledged() {
      const text = await readText(acknowledged)
      return text === null ? {} : parse<Record<string, Acknowledged>>(text)
    },
    acknowledge: (indices) => replaceDurably(acknowledged, JSON.stringify(indices)),

    watch(onClaim) {
      const watcher = watch(own, { persistent: false }, (_, name) => {
        if (name?.endsWith('.json')) onClaim()
      })
      // The folder is gone: nothing more can be said about it here, and the next write will say so.
      watcher.on('error', () => watcher.close())
      return () => watcher.close()
    },
  }
}

async function readWhileThere(read: (number: number) => Promise<string | null>, from: number): Promise<string[]> {
  const found: string[] = []
  for (let text = await read(from); text !== null; text = await read(from + found.length)) found.push(text)
  return found
}

async function readText(path: string): Promise<string | null> {
  return readFile(path, 'utf8').catch((error) => {
    if (codeOf(error) === 'ENOENT') return null
    throw error
  })
}

async function readFrom(path: string, position: number): Promise<Buffer> {
  const file = await open(path, 'r').catch((error) => {
    if (codeOf(error) === 'ENOENT') return null
    throw error
  })
  if (file === null) return Buffer.alloc(0)
  try {
    const buffer = Buffer.alloc(Math.max((await file.stat()).size - position, 0))
    const { bytesRead } = await file.read(buffer, 0, buffer.length, position)
    return buffer.subarray(0, bytesRead)
  } finally {
    await file.close()
  }
}

/** @returns nothing for a line that was never finished */
function readLine(line: string): ReceivedOperation[] {
  try {
    return [JSON.parse(line) as ReceivedOperation]
  } catch {
    return []
  }
}

function parse<T>(text: string): T {
  try {
    return JSON.parse(text) as T
  } catch (error) {
    throw new DamagedState('A file of the operation log on this device is damaged', error)
  }
}
