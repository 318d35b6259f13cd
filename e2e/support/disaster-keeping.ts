/** What tests of snapshots share: the verbs as a person runs them, and places to keep things in. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { open } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { type CliRun, hearthkeep } from './cli.ts'

export type Folder = Disposable & { path: string; at(name: string): string }

/** Gone at the end of the test. */
export function temporaryFolder(): Folder {
  const path = mkdtempSync(join(tmpdir(), 'hearthkeep-keeping-'))
  return {
    path,
    at: (name) => join(path, name),
    [Symbol.dispose]: () => rmSync(path, { recursive: true, force: true }),
  }
}

/** A new folder for snapshots, with the environment that names it. */
export function snapshotFolder(folder: Folder): { path: string; env: Record<string, string> } {
  const path = folder.at('snapshots')
  mkdirSync(path)
  return { path, env: { HEARTHKEEP_SNAPSHOT_DIR: path } }
}

/** The verbs about one server's snapshots. */
export function keeping(dataFolder: string, env: Record<string, string>) {
  const run = (args: string[], more: Record<string, string> = {}) =>
    hearthkeep([...args, '--json'], { HEARTHKEEP_DATA_DIR: dataFolder, ...env, ...more })
  return {
    /** @returns the recovery key */
    async kit(): Promise<string> {
      return String((await ok(run(['snapshot', 'kit']))).key)
    },
    now: () => run(['snapshot', 'now']),
    status: () => run(['snapshot', 'status']),
    list: async () => (await ok(run(['snapshot', 'list']))).snapshots as { name: string; damaged: boolean }[],
    sums: () => run(['snapshot', 'drill', '--sums']),
    drill: (key: string) => run(['snapshot', 'drill'], { HEARTHKEEP_RECOVERY_KEY: key }),
    scrub: () => run(['scrub', 'now']),
  }
}

/** `hearthkeep restore` with the key in the environment. */
export function restore(
  to: string,
  from: string,
  key: string,
  { args = [], env = {} }: { args?: string[]; env?: Record<string, string> } = {},
): Promise<CliRun> {
  const all = ['restore', '--data-dir', to, '--from', from, '--json', ...args]
  return hearthkeep(all, { HEARTHKEEP_RECOVERY_KEY: key, ...env })
}

// biome-ignore lint/suspicious/noExplicitAny: each verb answers another shape
export function told({ stdout, stderr }: CliRun): any {
  try {
    return JSON.parse(stdout)
  } catch {
    throw new Error(`not an answer: ${stdout}${stderr}`)
  }
}

export async function ok(run: Promise<CliRun>) {
  const answer = told(await run)
  if (answer.ok !== true) throw new Error(JSON.stringify(answer))
  return answer
}

export type Begun = { kill(): Promise<void>; ended: Promise<number | null> }

/** Begin a verb that the test will kill. */
export function begin(args: string[], env: Record<string, string>): Begun {
  const inherited = Object.entries(process.env).filter(([name]) => !name.startsWith('HEARTHKEEP_'))
  const program = join(import.meta.dirname, '..', '..', 'dist', 'hearthkeep.mjs')
  const child = spawn(process.execPath, [program, ...args], {
    env: { ...Object.fromEntries(inherited), ...env } as NodeJS.ProcessEnv,
    stdio: 'ignore',
  })
  const ended = once(child, 'exit').then(([code]) => code as number | null)
  return {
    ended,
    async kill() {
      child.kill('SIGKILL')
      await ended
    },
  }
}

/** Files below a folder, their full paths. */
export function filesBelow(folder: string): string[] {
  if (!existsSync(folder)) return []
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
}

/** A piece of a snapshot in a folder, by its id. */
export function pathOfPiece(snapshots: string, id: string): string {
  const found = filesBelow(snapshots).find((path) => basename(path) === id)
  if (!found) throw new Error(`no piece ${id}`)
  return found
}

export async function flipBit(path: string, place = -1): Promise<void> {
  await using file = await open(path, 'r+')
  const { size } = await file.stat()
  const at = place < 0 ? size + place : place
  const byte = Buffer.alloc(1)
  await file.read(byte, 0, 1, at)
  byte[0] = (byte[0] ?? 0) ^ 1
  await file.write(byte, 0, 1, at)
}
