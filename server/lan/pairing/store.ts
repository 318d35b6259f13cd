import { and, eq, isNull, lt, or, sql } from 'drizzle-orm'
import type { Orm } from '#db/client.ts'
import { pairings } from '#db/schema/index.ts'

export type PairingRow = typeof pairings.$inferSelect

export function insertPairing(db: Orm, row: typeof pairings.$inferInsert): void {
  db.insert(pairings).values(row).run()
}

export function readPairing(db: Orm, id: string): PairingRow | undefined {
  return db.select().from(pairings).where(eq(pairings.id, id)).get()
}

/** Drop what is over, and the code that the same person made before: one a person is good at a time. */
export function dropPairings(db: Orm, { madeBy, now }: { madeBy: string | null; now: number }): void {
  const own = madeBy === null ? isNull(pairings.madeBy) : eq(pairings.madeBy, madeBy)
  db.delete(pairings)
    .where(or(own, lt(pairings.expiresAt, now)))
    .run()
}

export function countPairingTry(db: Orm, id: string): void {
  db.update(pairings)
    .set({ tries: sql`${pairings.tries} + 1` })
    .where(eq(pairings.id, id))
    .run()
}

/** @returns false when somebody else was first */
export function spendPairing(db: Orm, id: string, usedAt: number): boolean {
  return (
    db
      .update(pairings)
      .set({ usedAt })
      .where(and(eq(pairings.id, id), isNull(pairings.usedAt)))
      .run().changes === 1
  )
}
