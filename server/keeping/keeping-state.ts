/** What the server remembers of looking after itself, in the table of jobs. */
import { eq } from 'drizzle-orm'
import { z } from 'zod'
import type { Orm } from '#db/client.ts'
import { jobs } from '#db/schema/index.ts'

const snapshotRun = z.object({
  /** Target of the run, for people. */
  target: z.string(),
  /** Whether a run has ever succeeded there, with whatever key: an empty folder in its place is not it. */
  adopted: z.boolean(),
  keyId: z.string().nullable(),
  /** When a run last succeeded with this target and key, milliseconds; null = never. */
  succeededAt: z.number().nullable(),
  name: z.string().nullable(),
  objects: z.number(),
  bytes: z.number(),
  remarks: z.array(z.string()),
})

const drill = z.object({
  snapshot: z.string().nullable(),
  /** `stored`: every piece was read and compared with its sum; `listed`: the new ones were. */
  depth: z.enum(['listed', 'stored']),
  pieces: z.number(),
  /** When every piece was last read, milliseconds. */
  storedAt: z.number().nullable(),
  /** Ids of pieces to be copied anew. */
  damaged: z.array(z.string()),
})

const scrub = z.object({
  /** The object that was read last in this round; empty at its beginning. */
  cursor: z.string(),
  roundStartedAt: z.number(),
  /** Of this round. */
  objects: z.number(),
  bytes: z.number(),
  faults: z.number(),
  lastRound: z
    .object({
      startedAt: z.number(),
      finishedAt: z.number(),
      objects: z.number(),
      bytes: z.number(),
      faults: z.number(),
    })
    .nullable(),
})

/** What keepers were told last. */
const watch = z.object({ isReachable: z.boolean(), isRoomy: z.boolean() })

/** The time that was seen last (`kit/settled-time.ts`). */
const seen = z.object({
  at: z.number(),
  uptime: z.number().nullable(),
  doubt: z.object({ at: z.number(), uptime: z.number().nullable(), ran: z.number() }).nullable(),
})

const shapes = {
  'snapshot.run': snapshotRun,
  'snapshot.drill': drill,
  'scrub.round': scrub,
  'house.watch': watch,
  'clock.seen': seen,
}
type Name = keyof typeof shapes
type DetailsOf<N extends Name> = z.infer<(typeof shapes)[N]>

/** `outcome`: `ok`, or why not, in words. Times in milliseconds. */
export type Kept<N extends Name> = { startedAt: number; finishedAt: number; outcome: string; details: DetailsOf<N> }

/** @returns null when it has never happened, or an older version wrote it */
export function readState<N extends Name>(db: Orm, name: N): Kept<N> | null {
  const row = db.select().from(jobs).where(eq(jobs.name, name)).get()
  if (!row?.checkpoint || row.startedAt === null || row.finishedAt === null) return null
  const details = shapes[name].safeParse(JSON.parse(row.checkpoint))
  if (!details.success) return null
  const { startedAt, finishedAt, outcome } = row
  return { startedAt, finishedAt, outcome: outcome ?? 'ok', details: details.data as DetailsOf<N> }
}

/** In the transaction of the event that says so, if there is one. */
export function writeState<N extends Name>(tx: Orm, name: N, state: Kept<N>): void {
  const { details, ...times } = state
  const row = { name, ...times, checkpoint: JSON.stringify(details) }
  tx.insert(jobs).values(row).onConflictDoUpdate({ target: jobs.name, set: row }).run()
}
