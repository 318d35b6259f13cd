/** Which objects are in the new place already; ids may come late and out of order, so each is remembered by itself. */
import { and, asc, count, eq, isNull, ne, sum } from 'drizzle-orm'
import type { Orm } from '#db/client.ts'
import { blobs, movedObjects } from '#db/schema/index.ts'
import type { BlobRow } from '#server/vault/store.ts'

/** Why the new place has no whole copy; `damaged`: the copy is as the old one was. */
export type MoveFault = 'missing' | 'unreadable' | 'damaged'

/** Objects that are not in the new place yet, as far as is known. */
export function listUnmoved(db: Orm, limit: number): BlobRow[] {
  return db
    .select()
    .from(blobs)
    .leftJoin(movedObjects, eq(movedObjects.id, blobs.id))
    .where(and(isNull(movedObjects.id), ne(blobs.state, 'reaping')))
    .orderBy(asc(blobs.id))
    .limit(limit)
    .all()
    .map((row) => row.blobs)
}

export function rememberMoved(tx: Orm, moved: { id: string; fault: MoveFault | null }[]): void {
  for (const row of moved)
    tx.insert(movedObjects).values(row).onConflictDoUpdate({ target: movedObjects.id, set: row }).run()
}

export function forgetMoved(tx: Orm): void {
  tx.delete(movedObjects).run()
}

export type MoveCount = { objects: number; bytes: number; movedObjects: number; movedBytes: number; faults: number }

/** How far the move is. */
export function countMoved(db: Orm): MoveCount {
  const all = db
    .select({ objects: count(), bytes: sum(blobs.size) })
    .from(blobs)
    .where(ne(blobs.state, 'reaping'))
    .get()
  const moved = db
    .select({ objects: count(), bytes: sum(blobs.size), faults: count(movedObjects.fault) })
    .from(movedObjects)
    .innerJoin(blobs, eq(blobs.id, movedObjects.id))
    .where(ne(blobs.state, 'reaping'))
    .get()
  return {
    objects: all?.objects ?? 0,
    bytes: Number(all?.bytes ?? 0),
    movedObjects: moved?.objects ?? 0,
    movedBytes: Number(moved?.bytes ?? 0),
    faults: moved?.faults ?? 0,
  }
}
