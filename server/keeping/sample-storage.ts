import { asc, gte } from 'drizzle-orm'
import type { Database, Orm } from '#db/client.ts'
import { storageSamples } from '#db/schema/index.ts'
import type { Clock } from '#server/kit/clock.ts'
import { readUsage } from '#server/vault/store.ts'

/** How much was kept on a day, bytes. */
export type StorageSample = typeof storageSamples.$inferSelect

const day = 24 * 3_600_000

/** Note how much is kept, over what was noted of this day before. */
export async function sampleStorage({ db, clock }: { db: Database; clock: Clock }): Promise<void> {
  const row = sampleOf(db.read, clock.now())
  await db.write((tx) =>
    tx.insert(storageSamples).values(row).onConflictDoUpdate({ target: storageSamples.day, set: row }).run(),
  )
}

/** How much is kept now. */
export function sampleOf(db: Orm, at: number): StorageSample {
  const usage = readUsage(db)
  const bytesOf = (wanted: string) => usage.find(({ state }) => state === wanted)?.bytes ?? 0
  return {
    day: dayOf(at),
    at,
    objects: usage.reduce((sum, { objects }) => sum + objects, 0),
    live: bytesOf('live'),
    history: bytesOf('superseded'),
    quarantined: bytesOf('quarantined'),
  }
}

/** The days since a moment that have a sample, oldest first. @param days  how far back */
export function listSamples(db: Orm, now: number, days: number): StorageSample[] {
  return db
    .select()
    .from(storageSamples)
    .where(gte(storageSamples.day, dayOf(now - days * day)))
    .orderBy(asc(storageSamples.day))
    .all()
}

function dayOf(at: number): string {
  return new Date(at).toISOString().slice(0, 10)
}
