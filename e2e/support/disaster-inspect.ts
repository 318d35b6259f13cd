import { readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import Sqlite from 'better-sqlite3'
import { sha256 } from './disaster-random.ts'

export type Row = {
  id: string
  size: number
  sha256: string
  state: 'live' | 'superseded' | 'quarantined' | 'reaping'
  owner_id: string
  version: number
  fault: string | null
}

/** Look into a server's database from outside, whether it runs or not. */
export function inDatabase<T>(dataFolder: string, look: (sqlite: Sqlite.Database) => T): T {
  const sqlite = new Sqlite(join(dataFolder, 'hearthkeep.sqlite'), { readonly: true })
  try {
    return look(sqlite)
  } finally {
    sqlite.close()
  }
}

export function objectRows(dataFolder: string): Row[] {
  return inDatabase(dataFolder, (sqlite) => sqlite.prepare('select * from blobs order by id').all() as Row[])
}

/** The row of an owner's object as it is now. */
export function currentRow(dataFolder: string, ownerId: string): Row {
  const sql = 'select b.* from cloud_slots s join blobs b on b.id = s.blob_id where s.owner_id = ?'
  const row = inDatabase(dataFolder, (sqlite) => sqlite.prepare(sql).get(ownerId) as Row | undefined)
  if (!row) throw new Error('nothing is stored for this owner')
  return row
}

/** Audit events about an object: names, oldest first. */
export function eventsAbout(dataFolder: string, blobId: string): string[] {
  const sql = "select event from audit_events where json_extract(details, '$.blob') = ? order by at, id"
  return inDatabase(dataFolder, (sqlite) => sqlite.prepare(sql).all(blobId) as { event: string }[]).map(
    ({ event }) => event,
  )
}

/** When a job last ended, by the server's clock; null if it never ran. */
export function lastRun(dataFolder: string, job: string): number | null {
  const sql = 'select finished_at as at from jobs where name = ?'
  const row = inDatabase(dataFolder, (sqlite) => sqlite.prepare(sql).get(job) as { at: number | null } | undefined)
  return row?.at ?? null
}

/** Faults that SQLite itself finds; none in a sound database. */
export function databaseFaults(dataFolder: string): unknown[] {
  return inDatabase(dataFolder, (sqlite) => [
    ...(sqlite.pragma('integrity_check') as { integrity_check: string }[]).filter(
      (row) => row.integrity_check !== 'ok',
    ),
    ...(sqlite.pragma('foreign_key_check') as unknown[]),
  ])
}

/** Where the disk store keeps an object. */
export function objectPath(dataFolder: string, blobId: string): string {
  return join(dataFolder, 'blobs', blobId.slice(-2), blobId)
}

/** Ids of the objects in the disk store. */
export function objectsOnDisk(dataFolder: string): string[] {
  const folder = join(dataFolder, 'blobs')
  return readdirSync(folder)
    .filter((name) => name !== 'tmp')
    .flatMap((shard) => readdirSync(join(folder, shard)))
    .sort()
}

/** What interrupted uploads have left. */
export function partialsOnDisk(dataFolder: string): string[] {
  return readdirSync(join(dataFolder, 'blobs', 'tmp'))
}

/** Rows whose object is missing or is not the one that was stored; none unless the disk itself is at fault. */
export function brokenRows(dataFolder: string): Array<Row & { broken: string }> {
  return objectRows(dataFolder)
    .filter((row) => row.state !== 'reaping')
    .flatMap((row) => {
      const broken = faultOf(row, objectPath(dataFolder, row.id))
      return broken ? [{ ...row, broken }] : []
    })
}

function faultOf(row: Row, path: string): string | null {
  const found = statSync(path, { throwIfNoEntry: false })
  if (!found) return 'missing'
  if (found.size !== row.size) return 'size'
  return sha256(readFileSync(path)) === row.sha256 ? null : 'hash'
}
