import { existsSync, mkdirSync } from 'node:fs'
import { dirname, join } from 'node:path'
import Sqlite from 'better-sqlite3'
import { type BetterSQLite3Database, drizzle } from 'drizzle-orm/better-sqlite3'
import { migrate } from 'drizzle-orm/better-sqlite3/migrator'
import { pendingMigrations } from './migration-state.ts'
import * as schema from './schema/index.ts'
import { snapshotDatabase } from './snapshot.ts'
import { WriteQueue } from './write-queue.ts'

/** What `store.ts` files query; inside `write` it is the open transaction. */
export type Orm = BetterSQLite3Database<typeof schema>

export type Database = {
  /** For reads. Every write goes through `write`. */
  read: Orm
  /**
   * Run `task` in a transaction of its own; resolves only after it is durable. Tasks are synchronous and see each
   * other's writes in the order they were handed in; one that throws undoes only itself.
   *
   * @throws what the task threw, or store.full, store.unavailable when the commit failed (nothing was written then)
   */
  write<T>(task: (db: Orm) => T): Promise<T>
  path: string
  close(): void
}

export type OpenOptions = {
  path: string
  migrationsFolder: string
  /** Told before a migration, with the file that holds the database as it was. */
  onMigrate?: (snapshot: string) => void
}

/**
 * Open the one writer connection, bring the schema up to date, and read back every pragma that durability rests on.
 *
 * @throws DatabaseTooNew when a newer program has written it; Error when a pragma did not take
 */
export function openDatabase({ path, migrationsFolder, onMigrate }: OpenOptions): Database {
  const fresh = !existsSync(path)
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 })
  const sqlite = new Sqlite(path)
  try {
    setPragmas(sqlite)
    const pending = pendingMigrations(sqlite, migrationsFolder)
    const orm = drizzle(sqlite, { schema })
    if (pending > 0) {
      if (!fresh) {
        const snapshot = snapshotDatabase(sqlite, join(dirname(path), 'snapshots'), 'before-migration')
        onMigrate?.(snapshot)
      }
      migrate(orm, { migrationsFolder })
    }
    const queue = new WriteQueue(sqlite, orm)
    return {
      read: orm,
      write: (task) => queue.write(task),
      path,
      close() {
        queue.flush()
        sqlite.close()
      },
    }
  } catch (error) {
    sqlite.close()
    throw error
  }
}

/** Name, value to set, value to read back (SQLite answers some by number). */
const pragmas = [
  ['busy_timeout', '5000', 5000],
  ['journal_mode', 'WAL', 'wal'],
  ['synchronous', 'FULL', 2],
  ['foreign_keys', 'ON', 1],
  ['fullfsync', 'ON', 1],
  ['checkpoint_fullfsync', 'ON', 1],
] as const

function setPragmas(sqlite: Sqlite.Database): void {
  for (const [name, value, expected] of pragmas) {
    sqlite.pragma(`${name} = ${value}`)
    const actual = sqlite.pragma(name, { simple: true })
    if (actual !== expected) throw new Error(`The database refused ${name} = ${value} (it says ${String(actual)})`)
  }
}
