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
  const at = clock.now()
  const usage = readUsage(db.read)
  const bytesOf = (wanted: string) => usage.find(({ state }) => state === wanted)?.bytes ?? 0
  const row = {
    day: dayOf(at),
    at,
    objects: usage.reduce((sum, { objects }) => sum + objects, 0),
    live: bytesOf('live'),
    history: bytesOf('superseded'),
    quarantined: bytesOf('quarantined'),
  }
  await db.write((tx) =>
    tx.insert(storageSamples).values(row).onConflictDoUpdate({ target: storageSamples.day, set: row }).run(),
  )
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
