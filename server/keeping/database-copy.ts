/** The snapshot's own copy of the database: which objects it needs, and that it is sound. */
import { stat, statfs } from 'node:fs/promises'
import { dirname } from 'node:path'
import Sqlite from 'better-sqlite3'
import { backUpDatabase, checkDatabase } from '#db/back-up.ts'
import { reservedOf } from '#server/blobs/room.ts'

/** An object as a copy of the database knows it. */
export type CopiedRow = { id: string; size: number; sha256: string; state: 'live' | 'superseded' | 'quarantined' }

/**
 * Copy the database as it is now.
 *
 * @throws Error when its disk has no room for a copy
 */
export async function copyDatabase(from: string, to: string): Promise<void> {
  const { size } = await stat(from)
  const disk = await statfs(dirname(to))
  if (disk.bavail * disk.bsize - reservedOf(disk) < size)
    throw new Error('The data folder’s disk has no room for a copy of the database')
  await backUpDatabase(from, to)
}

/** Objects that the copy needs; what the reaper has claimed is gone already. */
export function rowsOf(path: string): CopiedRow[] {
  return inCopy(path, (sqlite) => {
    const sql = "select id, size, sha256, state from blobs where state <> 'reaping' order by id"
    return sqlite.prepare(sql).all() as CopiedRow[]
  })
}

/** Write down in the copy that the reaper has taken these meanwhile. */
export function dropFromHistory(path: string, ids: string[]): void {
  inCopy(path, (sqlite) => {
    const drop = sqlite.prepare("update blobs set state = 'reaping' where id = ? and state = 'superseded'")
    sqlite.transaction(() => {
      for (const id of ids) drop.run(id)
    })()
  })
}

/**
 * What is wrong with the copy: what SQLite finds, and objects that one of database and list has and the other has not.
 *
 * @param objects  ids in the snapshot, or known to be lost
 */
export async function faultsOfCopy(path: string, objects: Set<string>): Promise<string[]> {
  const faults = await checkDatabase(path)
  if (faults.length > 0) return faults.map((fault) => `the copy of the database is damaged: ${fault}`)
  const missing = rowsOf(path).filter(({ id }) => !objects.has(id))
  return missing.map(({ id }) => `the database names the object ${id}, which the snapshot does not have`).slice(0, 20)
}

function inCopy<T>(path: string, work: (sqlite: Sqlite.Database) => T): T {
  const sqlite = new Sqlite(path, { fileMustExist: true })
  try {
    sqlite.pragma('synchronous = OFF')
    return work(sqlite)
  } finally {
    sqlite.close()
  }
}
