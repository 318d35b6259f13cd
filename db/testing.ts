import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Database, openDatabase } from './client.ts'

export const migrationsFolder = join(import.meta.dirname, 'migrations')

/** A real database in a folder of its own, gone at the end of the test. */
export function testDatabase(): Database & Disposable {
  const folder = mkdtempSync(join(tmpdir(), 'hearthkeep-db-'))
  const database = openDatabase({ path: join(folder, 'test.sqlite'), migrationsFolder })
  return {
    ...database,
    [Symbol.dispose]() {
      database.close()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}
