import { closeSync, fsyncSync, mkdirSync, openSync, readdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import type Sqlite from 'better-sqlite3'

const kept = 3

/**
 * Copy the whole database, consistent and compacted, into `folder`; older snapshots of the same label beyond the
 * newest three are removed.
 *
 * @param label  why it was made; becomes part of the file's name
 * @returns path of the snapshot, on disk and synced
 */
export function snapshotDatabase(sqlite: Sqlite.Database, folder: string, label: string): string {
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  const path = join(folder, `${label}-${new Date().toISOString().replace(/[:.]/g, '-')}.sqlite`)
  sqlite.prepare('vacuum into ?').run(path)
  const file = openSync(path, 'r+')
  fsyncSync(file)
  closeSync(file)

  pruneCopies(folder, label)
  return path
}

/** Remove the copies of that label beyond the newest three. */
export function pruneCopies(folder: string, label: string): void {
  const all = readdirSync(folder)
    .filter((name) => name.startsWith(`${label}-`))
    .sort()
  for (const name of all.slice(0, -kept)) rmSync(join(folder, name))
}
