import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type Sqlite from 'better-sqlite3'

/** The database was written by a newer Hearthkeep; this one would not understand it. */
export class DatabaseTooNew extends Error {
  constructor() {
    super('This data folder was last used by a newer version of Hearthkeep. Install that version (or a later one).')
    this.name = 'DatabaseTooNew'
  }
}

type Journal = { entries: Array<{ when: number }> }

/**
 * How many migrations the database still lacks.
 *
 * @throws DatabaseTooNew when it holds one that this program does not know
 */
export function pendingMigrations(sqlite: Sqlite.Database, migrationsFolder: string): number {
  const journal = JSON.parse(readFileSync(join(migrationsFolder, 'meta', '_journal.json'), 'utf8')) as Journal
  const known = journal.entries.map((entry) => entry.when)
  const applied = newestApplied(sqlite)
  if (applied > Math.max(...known)) throw new DatabaseTooNew()
  return known.filter((when) => when > applied).length
}

function newestApplied(sqlite: Sqlite.Database): number {
  const table = sqlite.prepare("select 1 from sqlite_master where name = '__drizzle_migrations'").get()
  if (!table) return 0
  const row = sqlite.prepare('select max(created_at) as newest from __drizzle_migrations').get()
  return Number((row as { newest: number | null }).newest ?? 0)
}
