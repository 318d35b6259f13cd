/** A move of the objects from one place to another, as the database remembers it (decision 0013). */

import { eq } from 'drizzle-orm'
import { z } from 'zod'
import type { Orm } from '#db/client.ts'
import { jobs } from '#db/schema/index.ts'
import type { Place } from '#server/blobs/place.ts'
import type { Secrets } from '#server/config/secrets.ts'
import type { Clock } from '#server/kit/clock.ts'
import type { Ids } from '#server/kit/ids.ts'
import { SealedText } from '#server/kit/sealed-text.ts'

/**
 * `copying`: the old place serves, the new one is filled. `switched`: the new place takes what comes, and is given what
 * came to the old one meanwhile. `resting`: the old copies wait. `removing`: they go. `clearing`: the move was called off,
 * what was copied goes. `done`.
 */
const phases = ['copying', 'switched', 'resting', 'removing', 'clearing', 'done'] as const

const place = z.union([
  z.object({ kind: z.literal('disk'), folder: z.string().nullable() }),
  z.object({ kind: z.literal('s3'), sealed: z.string() }),
])

const shape = z.object({
  phase: z.enum(phases),
  from: place,
  to: place,
  keepDays: z.number().nullable(),
  switchedAt: z.number().nullable(),
  removeAt: z.number().nullable(),
  /** Objects in the old and in the new place that are older than this, and that no row knows, are somebody else's. */
  since: z.number(),
  toSince: z.number(),
  sitting: z.object({ startedAt: z.number(), objects: z.number(), bytes: z.number() }),
  trouble: z.object({ since: z.number(), tries: z.number(), retryAt: z.number() }).nullable(),
  cleared: z.object({ removed: z.number(), left: z.number() }),
  isCancelled: z.boolean(),
})

/** Times in milliseconds. */
export type Move = Omit<z.infer<typeof shape>, 'from' | 'to' | 'trouble'> & {
  from: Place
  to: Place
  begunAt: number
  /** Why it does not go on, and when it tries again. */
  trouble: { reason: string; since: number; tries: number; retryAt: number } | null
}

type Needs = { secrets: Secrets; ids: Ids; clock: Clock }

const rowName = 'storage.move'

/**
 * @returns null when nothing has ever moved
 * @throws Error when it cannot be read: a server that forgot half of its objects would call them lost
 */
export function readMove(db: Orm, secrets: Secrets): Move | null {
  const row = db.select().from(jobs).where(eq(jobs.name, rowName)).get()
  if (!row?.checkpoint) return null
  const read = shape.safeParse(JSON.parse(row.checkpoint))
  if (!read.success) throw new Error('A newer version of Hearthkeep was moving the objects; start that version')
  const { from, to, trouble, ...rest } = read.data
  return {
    ...rest,
    begunAt: row.startedAt ?? 0,
    from: unsealed(secrets, from),
    to: unsealed(secrets, to),
    trouble: trouble && { ...trouble, reason: row.outcome ?? '' },
  }
}

/** Without its places, for whoever has no key to unseal them; null when nothing has ever moved. */
export function readMoveOutcome(db: Orm): { phase: Move['phase']; outcome: string } | null {
  const row = db.select().from(jobs).where(eq(jobs.name, rowName)).get()
  const read = row?.checkpoint ? shape.safeParse(JSON.parse(row.checkpoint)) : null
  return read?.success ? { phase: read.data.phase, outcome: row?.outcome ?? 'ok' } : null
}

export function writeMove({ secrets, ids, clock }: Needs, tx: Orm, { begunAt, ...move }: Move): void {
  const { from, to, trouble, ...rest } = move
  const { reason = 'ok', ...times } = trouble ?? {}
  const details: z.infer<typeof shape> = {
    ...rest,
    from: sealed(secrets, ids, from),
    to: sealed(secrets, ids, to),
    trouble: trouble ? (times as NonNullable<z.infer<typeof shape>['trouble']>) : null,
  }
  const row = {
    name: rowName,
    startedAt: begunAt,
    finishedAt: clock.now(),
    outcome: reason,
    checkpoint: JSON.stringify(details),
  }
  tx.insert(jobs).values(row).onConflictDoUpdate({ target: jobs.name, set: row }).run()
}

/** A restored server begins in one place, with everything in it. */
export function forgetMove(tx: Orm): void {
  tx.delete(jobs).where(eq(jobs.name, rowName)).run()
}

/** Whether objects may lie in both places. */
export function isUnderWay(move: Move | null): move is Move {
  return move?.phase === 'copying' || move?.phase === 'switched'
}

function box({ serverKey }: Secrets, random: (bytes: number) => Buffer): SealedText {
  return new SealedText(serverKey, 'storage place', random)
}

/** The whole of an S3 place: which of it is secret is not for this file to know. */
function sealed(secrets: Secrets, ids: Ids, given: Place): z.infer<typeof place> {
  if (given.kind === 'disk') return given
  return { kind: 's3', sealed: box(secrets, (bytes) => ids.random(bytes)).seal(JSON.stringify(given.s3), rowName) }
}

function unsealed(secrets: Secrets, kept: z.infer<typeof place>): Place {
  if (kept.kind === 'disk') return kept
  const text = box(secrets, () => Buffer.alloc(12)).open(kept.sealed, rowName)
  if (text === null) throw new Error('The keys of the bucket that the objects were moving to cannot be unsealed')
  return { kind: 's3', s3: JSON.parse(text) }
}
