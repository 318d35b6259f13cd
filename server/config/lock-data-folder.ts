import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import Sqlite from 'better-sqlite3'

export class DataFolderInUse extends Error {
  constructor(folder: string) {
    super(`Another Hearthkeep server is running on this data folder: ${folder}`)
    this.name = 'DataFolderInUse'
  }
}

/**
 * Hold the folder for this process. The lock is the operating system's, taken through SQLite, so it is gone the moment
 * the process is, however it ends; there is no stale lock to clean up.
 *
 * @throws DataFolderInUse
 */
export function lockDataFolder(folder: string): Disposable {
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  const lock = new Sqlite(join(folder, 'lock.sqlite'), { timeout: 0 })
  try {
    lock.pragma('journal_mode = MEMORY')
    lock.exec('begin exclusive')
  } catch (error) {
    lock.close()
    if ((error as { code?: string }).code?.startsWith('SQLITE_BUSY')) throw new DataFolderInUse(folder)
    throw error
  }
  return { [Symbol.dispose]: () => lock.close() }
}
