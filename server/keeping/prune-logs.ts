import { and, asc, eq, inArray, isNotNull, lte } from 'drizzle-orm'
import type { Database, Orm } from '#db/client.ts'
import { blobs, operations, oplogUsers } from '#db/schema/index.ts'

/** Operations removed in one transaction: some milliseconds, so that nobody waits long for theirs. */
const batch = 1_000

/**
 * Remove what deleted operation logs have left, a piece at a time. Their objects are handed to the reaper. A stop in
 * between is made up for by the next run.
 *
 * @returns how many operations went
 */
export async function pruneLogs({ db }: { db: Database }): Promise<number> {
  let count = 0
  for (const { id } of listDeleted(db.read)) {
    for (let went = batch; went === batch; count += went) went = await db.write((tx) => pruneSome(tx, id))
    // Its clients go with it.
    await db.write((tx) => tx.delete(oplogUsers).where(eq(oplogUsers.id, id)).run())
  }
  return count
}

function listDeleted(db: Orm): { id: number }[] {
  return db.select({ id: oplogUsers.id }).from(oplogUsers).where(isNotNull(oplogUsers.deletedAt)).all()
}

function pruneSome(tx: Orm, userId: number): number {
  const oldest = tx
    .select({ seq: operations.seq, blobId: operations.blobId })
    .from(operations)
    .where(eq(operations.userId, userId))
    .orderBy(asc(operations.seq))
    .limit(batch)
    .all()
  const last = oldest.at(-1)
  if (!last) return 0
  const objects = oldest.flatMap(({ blobId }) => (blobId === null ? [] : [blobId]))
  if (objects.length > 0) tx.update(blobs).set({ state: 'reaping' }).where(inArray(blobs.id, objects)).run()
  tx.delete(operations)
    .where(and(eq(operations.userId, userId), lte(operations.seq, last.seq)))
    .run()
  return oldest.length
}
