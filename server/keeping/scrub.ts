import { and, asc, count, gt, ne, sum } from 'drizzle-orm'
import type { Orm } from '#db/client.ts'
import { blobs } from '#db/schema/index.ts'
import { isProblem } from '#server/kit/problem.ts'
import { quarantineObject } from '#server/vault/quarantine.ts'
import { readBlob } from '#server/vault/store.ts'
import { verifyObject } from '#server/vault/verify-object.ts'
import { type Kept, readState, writeState } from './keeping-state.ts'
import type { KeepingNeeds } from './needs.ts'

const day = 24 * 3_600_000
/** A round ends a little early, so that no object waits longer than the setting says. */
const pace = 0.9
/** Objects between two checkpoints; bytes end a stretch sooner. */
const stretchObjects = 200
const stretchBytes = 256 * 1024 * 1024

type Round = Kept<'scrub.round'>['details']
/** Done, and what there is to do in a whole round. */
type Share = { objects: number; bytes: number }

export type Scrubbed = { objects: number; bytes: number; faults: number; roundEnded: boolean }

/**
 * Read and hash kept objects, one after the other, so that each is seen once within `scrubDays`: decay must be found
 * while a snapshot still has the object whole. Goes on where the last run stopped; what is damaged goes into quarantine
 * and into the audit log (`verifyObject`).
 *
 * @param all  go on to the end of the round now, whatever the pace
 * @throws store.unavailable when the store is away; nothing is quarantined for that
 */
export async function scrub(
  ctx: KeepingNeeds,
  { all = false, signal }: { all?: boolean; signal?: AbortSignal } = {},
): Promise<Scrubbed> {
  const startedAt = ctx.clock.now()
  const kept = readState(ctx.db.read, 'scrub.round')?.details
  let round = kept && kept.roundStartedAt <= startedAt ? kept : freshRound(startedAt, kept?.lastRound ?? null)
  const run: Scrubbed = { objects: 0, bytes: 0, faults: 0, roundEnded: false }
  // Kept at once: its time runs from here, even if there is nothing to do yet.
  if (round !== kept) await keepRound(ctx, startedAt, round)
  while (!run.roundEnded && !signal?.aborted && (all || isBehind(ctx, round))) {
    const before = round
    round = await scrubStretch(ctx, round, signal)
    run.objects += round.objects - before.objects
    run.bytes += round.bytes - before.bytes
    run.faults += round.faults - before.faults
    run.roundEnded = round.cursor === before.cursor && !signal?.aborted
    if (run.roundEnded) round = endRound(round, ctx.clock.now())
    await keepRound(ctx, startedAt, round)
  }
  return run
}

async function keepRound({ db, clock }: KeepingNeeds, startedAt: number, details: Round): Promise<void> {
  const state = { startedAt, finishedAt: clock.now(), outcome: 'ok', details }
  await db.write((tx) => writeState(tx, 'scrub.round', state))
}

function freshRound(now: number, lastRound: Round['lastRound']): Round {
  return { cursor: '', roundStartedAt: now, objects: 0, bytes: 0, faults: 0, lastRound }
}

function endRound({ roundStartedAt, objects, bytes, faults }: Round, finishedAt: number): Round {
  return freshRound(finishedAt, { startedAt: roundStartedAt, finishedAt, objects, bytes, faults })
}

/** Whether less is done of this round than its time that has passed; by objects or by bytes. */
function isBehind(ctx: KeepingNeeds, round: Round): boolean {
  const length = ctx.settings.values.scrubDays * day * pace
  const passed = (ctx.clock.now() - round.roundStartedAt) / length
  const whole = wholeRound(ctx.db.read)
  return round.objects < whole.objects * passed || round.bytes < whole.bytes * passed || passed >= 1
}

/** @returns the round as it is then; the same cursor when nothing was left */
async function scrubStretch(ctx: KeepingNeeds, round: Round, signal: AbortSignal | undefined): Promise<Round> {
  let { cursor, objects, bytes, faults } = round
  let inStretch = 0
  for (const { id, size } of objectsAfter(ctx.db.read, cursor)) {
    const outcome = await verify(ctx, id)
    cursor = id
    objects += 1
    bytes += size
    inStretch += size
    if (outcome !== 'whole' && outcome !== 'gone') faults += 1
    if (inStretch >= stretchBytes || signal?.aborted) break
  }
  return { ...round, cursor, objects, bytes, faults }
}

/** One object that cannot be read must not stop the scrub for ever; a store that is away must stop it. */
async function verify(ctx: KeepingNeeds, id: string): Promise<string> {
  try {
    return await verifyObject(ctx, id)
  } catch (error) {
    if (!isProblem(error) || error.code !== 'store.unavailable') throw error
    await ctx.blobs.probe()
    ctx.log.error({ blob: id, error: error.cause }, 'an object cannot be read although the store is well')
    const row = readBlob(ctx.db.read, id)
    if (row) await quarantineObject(ctx, row, 'unreadable')
    return 'unreadable'
  }
}

function objectsAfter(db: Orm, cursor: string): { id: string; size: number }[] {
  return db
    .select({ id: blobs.id, size: blobs.size })
    .from(blobs)
    .where(and(gt(blobs.id, cursor), ne(blobs.state, 'reaping')))
    .orderBy(asc(blobs.id))
    .limit(stretchObjects)
    .all()
}

function wholeRound(db: Orm): Share {
  const whole = db
    .select({ objects: count(), bytes: sum(blobs.size) })
    .from(blobs)
    .where(ne(blobs.state, 'reaping'))
    .get()
  return { objects: whole?.objects ?? 0, bytes: Number(whole?.bytes ?? 0) }
}
