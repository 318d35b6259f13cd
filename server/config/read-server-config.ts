import { existsSync, rmSync } from 'node:fs'
import { join, resolve } from 'node:path'
import Sqlite from 'better-sqlite3'
import { sqliteCode } from '#db/sqlite-code.ts'
import { defaultDataFolder, reserveFile } from './data-folder.ts'
import { type Config, readConfig } from './env.ts'
import { openKept } from './kept-rows.ts'
import { readServerKey } from './secrets.ts'
import type { Kept } from './sources.ts'

type Row = { name: string; value: string }

/**
 * The configuration of the server in this environment's data folder, with what its keeper keeps in the database, whether
 * it runs or not.
 *
 * @throws ConfigError; Error when the database cannot be read: its store may be another than the default one
 */
export function readServerConfig(env: Record<string, string | undefined>): Config {
  const given = Object.fromEntries(Object.entries(env).filter(([, value]) => Boolean(value)))
  return readConfig(env, readKeptBeside(resolve(defaultDataFolder(given))))
}

export function databasePath(dataFolder: string): string {
  return join(dataFolder, 'hearthkeep.sqlite')
}

function readKeptBeside(dataFolder: string): Kept {
  const path = databasePath(dataFolder)
  if (!existsSync(path)) return { values: {}, unreadable: [] }
  return openKept(readRowsSomehow(path, dataFolder), readServerKey(dataFolder))
}

/** Even to read, SQLite needs a little room; on a full disk, what is held back for it is let go of. */
function readRowsSomehow(path: string, dataFolder: string): Row[] {
  try {
    return readRows(path)
  } catch (error) {
    if (!/^SQLITE_(IOERR|FULL|CANTOPEN)/.test(sqliteCode(error) ?? '')) throw error
    rmSync(join(dataFolder, reserveFile), { force: true })
    return readRows(path)
  }
}

function readRows(path: string): Row[] {
  const sqlite = new Sqlite(path, { fileMustExist: true, readonly: true })
  try {
    sqlite.pragma('busy_timeout = 5000')
    if (!sqlite.prepare("select 1 from sqlite_schema where name = 'settings'").get()) return []
    return sqlite.prepare("select name, value from settings where name like 'HEARTHKEEP!_%' escape '!'").all() as Row[]
  } finally {
    sqlite.close()
  }
}
