import Sqlite from 'better-sqlite3'
import { ne } from 'drizzle-orm'
import { drizzle } from 'drizzle-orm/better-sqlite3'
import type { SQLiteTable } from 'drizzle-orm/sqlite-core'
import type { Orm } from '#db/client.ts'
import * as schema from '#db/schema/index.ts'
import { Problem } from '#server/kit/problem.ts'
import { readSetupState } from './state.ts'

/**
 * Let nothing be replaced that somebody keeps here. The account of a set-up that was begun does not count.
 *
 * @throws restore.not_empty
 */
export function requireNothingKept(db: Orm): void {
  const { accounts, blobs, factorBackups, oplogUsers } = schema
  const { keeperId } = readSetupState(db)
  const others = ne(accounts.id, keeperId ?? '')
  const other = db.select({ id: accounts.id }).from(accounts).where(others).limit(1).get()
  if (other || [blobs, factorBackups, oplogUsers].some((table) => hasRow(db, table)))
    throw new Problem('restore.not_empty')
}

function hasRow(db: Orm, table: SQLiteTable): boolean {
  return db.select().from(table).limit(1).get() !== undefined
}

/** Of a database that no server has open. When in doubt it holds something. */
export function holdsNothing(path: string): boolean {
  try {
    const sqlite = new Sqlite(path, { readonly: true, fileMustExist: true })
    try {
      requireNothingKept(drizzle(sqlite, { schema }))
      return true
    } finally {
      sqlite.close()
    }
  } catch {
    return false
  }
}
