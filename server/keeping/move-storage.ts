import { setTimeout as sleep } from 'node:timers/promises'
import { nameOfPlace } from '#server/blobs/place.ts'
import type { SwitchingStore } from '#server/blobs/switching-store.ts'
import type { Secrets } from '#server/config/secrets.ts'
import { eachAtOnce } from '#server/kit/at-once.ts'
import { reasonOf } from '#server/kit/reason-of.ts'
import { type AuditEvent, recordEvent } from '#server/notices/audit.ts'
import type { BlobRow } from '#server/vault/store.ts'
import { clearPartials } from './clear-partials.ts'
import { clearPlace } from './clear-place.ts'
import { moveObject } from './move-object.ts'
import { type Move, readMove, writeMove } from './move-state.ts'
import { listUnmoved, type MoveFault, rememberMoved } from './moved-objects.ts'
import type { KeepingNeeds } from './needs.ts'

export type MoveNeeds = Omit<KeepingNeeds, 'blobs'> & {
  blobs: SwitchingStore
  secrets: Secrets
  /** By which the old copies are old enough. */
  settled: { now(): number }
  /** When this process began, milliseconds. */
  startedAt: number
  /** Keeps where the objects lie from now on, for the next start (`choose-place.ts`). */
  choosePlace: (place: Move['to']) => Promise<void>
  /** Names of variables of the environment that say where objects lie; nobody can choose then. */
  pinned: () => string[]
}

const day = 24 * 3_600_000
/** A line to S3 is mostly waiting, a disk mostly not. */
const width = { disk: 2, s3: 6 }
/** Between two checkpoints. */
const batchObjects = 60
const batchBytes = 64 * 1024 * 1024
const shortestPause = 2_000
const longestPause = 5 * 60_000
/** An upload takes minutes at most; whatever is called under way for longer has been forgotten by its surface. */
const longestUpload = 3_600_000

/**
 * Go on with the move of the objects, from wherever the last run stopped, as far as it goes. Each step leaves the server
 * with every object at hand: see decision 0013.
 *
 * @returns milliseconds until it is worth trying again; null when there is nothing to do
 */
export async function moveStorage(ctx: MoveNeeds, signal: AbortSignal): Promise<number | null> {
  for (;;) {
    const move = readMove(ctx.db.read, ctx.secrets)
    if (!move || move.phase === 'done' || signal.aborted) return null
    if (move.phase === 'resting') {
      const wait = move.removeAt === null ? null : move.removeAt - ctx.settled.now()
      if (wait === null || wait > 0) return wait
    }
    const pause = (move.trouble?.retryAt ?? 0) - ctx.clock.now()
    // A clock that was put back must not make it wait for a year.
    if (pause > 0 && pause <= longestPause) return pause
    try {
      await steps[move.phase](ctx, move, signal)
    } catch (error) {
      if (signal.aborted) return null
      await noteTrouble(ctx, error)
    }
  }
}

const steps = { copying: copyAll, switched: settle, resting: beginRemoval, removing: remove, clearing: clear }

async function copyAll(ctx: MoveNeeds, before: Move, signal: AbortSignal): Promise<void> {
  const { to } = sidesOf(ctx, before)
  // Nobody else writes there.
  await clearPartials(to.store)
  const startedAt = ctx.clock.now()
  await change(ctx, (move) => ({ ...move, sitting: { startedAt, objects: 0, bytes: 0 } }))
  for (;;) {
    const rows = listUnmoved(ctx.db.read, batchObjects)
    await moveBatch(ctx, before, rows, signal)
    if (signal.aborted) return
    // What came since then follows when the new place has taken over; a busy house would never be done otherwise.
    if (rows.length < batchObjects || rows.every(({ createdAt }) => createdAt > startedAt)) break
  }
  // Written down first: from the moment the new place takes something, the next start must look there.
  const hasSwitched = await change(
    ctx,
    (move) => (move.phase === 'copying' ? { ...move, phase: 'switched', switchedAt: ctx.clock.now() } : null),
    'storage.switched',
  )
  if (!hasSwitched) return
  ctx.blobs.swap()
  ctx.log.info({ place: nameOfPlace(before.to) }, 'new objects go to the new place')
}

/** The new place serves. Bring along what was on its way to the old one when it took over. */
async function settle(ctx: MoveNeeds, before: Move, signal: AbortSignal): Promise<void> {
  const { to } = sidesOf(ctx, before)
  await ctx.choosePlace(before.to)
  await ctx.settings.set({ sweep: { store: nameOfPlace(before.to), since: before.toSince } })
  // What a copy that was killed has left is the lock of its id.
  if (to.store.kind === 'disk') await to.store.sweepPartials(new Date(ctx.startedAt), (id) => ctx.vault.isInFlight(id))
  await untilLanded(ctx, signal)
  // Whatever is written from here on is written to the new place.
  const rest = listUnmoved(ctx.db.read, Number.MAX_SAFE_INTEGER)
  for (let start = 0; start < rest.length && !signal.aborted; start += batchObjects)
    await moveBatch(ctx, before, rest.slice(start, start + batchObjects), signal)
  if (signal.aborted) return
  const now = ctx.clock.now()
  await change(
    ctx,
    (move) => ({
      ...move,
      phase: 'resting',
      removeAt: move.keepDays === null ? null : now + move.keepDays * day,
    }),
    'storage.moved',
  )
  ctx.blobs.part()
  ctx.log.info({ place: nameOfPlace(before.to) }, 'all objects are in the new place')
}

async function beginRemoval(ctx: MoveNeeds): Promise<void> {
  await change(ctx, (move) => ({ ...move, phase: 'removing' }))
}

async function remove(ctx: MoveNeeds, move: Move, signal: AbortSignal): Promise<void> {
  const cleared = await clearPlace(ctx, { place: move.from, since: move.since, signal })
  if (signal.aborted) return
  await change(ctx, (now) => ({ ...now, phase: 'done', cleared }), 'storage.copies_removed')
}

async function clear(ctx: MoveNeeds, move: Move, signal: AbortSignal): Promise<void> {
  const cleared = await clearPlace(ctx, { place: move.to, since: move.toSince, signal })
  if (signal.aborted) return
  await change(ctx, (now) => ({ ...now, phase: 'done', cleared }))
}

/** Which place is which; the store of the server knows of both while objects move. */
function sidesOf({ blobs }: MoveNeeds, move: Move) {
  const places = [blobs.first, blobs.second]
  const find = (wanted: Move['to']) => places.find((one) => one && nameOfPlace(one.place) === nameOfPlace(wanted))
  const [from, to] = [find(move.from), find(move.to)]
  if (!from || !to) throw new Error('The server does not have both places open; restart it')
  return { from, to }
}

async function moveBatch(ctx: MoveNeeds, move: Move, rows: BlobRow[], signal: AbortSignal): Promise<void> {
  const { from, to } = sidesOf(ctx, move)
  const lanes = from.store.kind === 'disk' && to.store.kind === 'disk' ? width.disk : width.s3
  for (const part of inParts(rows)) {
    const moved: { id: string; fault: MoveFault | null }[] = []
    try {
      await eachAtOnce(part, lanes, async (row) => {
        if (signal.aborted) return
        moved.push({ id: row.id, fault: await moveObject(ctx, row, { from: from.store, to: to.store, signal }) })
      })
    } finally {
      const bytes = part.filter(({ id }) => moved.some((one) => one.id === id)).reduce((sum, { size }) => sum + size, 0)
      await change(
        ctx,
        (now) => ({
          ...now,
          // Something went through: whatever the trouble was, it is over.
          trouble: moved.length > 0 ? null : now.trouble,
          sitting: { ...now.sitting, objects: now.sitting.objects + moved.length, bytes: now.sitting.bytes + bytes },
        }),
        null,
        moved,
      )
    }
    if (signal.aborted) return
  }
}

function* inParts(rows: BlobRow[]): Generator<BlobRow[], void, void> {
  let part: BlobRow[] = []
  let bytes = 0
  for (const row of rows) {
    part.push(row)
    bytes += row.size
    if (bytes < batchBytes) continue
    yield part
    part = []
    bytes = 0
  }
  if (part.length > 0) yield part
}

/** Uploads that were under way to the old place are in it, and in the database or nowhere. */
async function untilLanded({ vault }: MoveNeeds, signal: AbortSignal): Promise<void> {
  const underWay = vault.inFlight()
  const limit = performance.now() + longestUpload
  while (underWay.some((id) => vault.isInFlight(id)) && performance.now() < limit && !signal.aborted)
    await sleep(100, undefined, { signal }).catch(() => {})
}

/** Change what is remembered of the move, in one transaction with whatever goes with it. @returns whether it was */
async function change(
  ctx: MoveNeeds,
  next: (move: Move) => Move | null,
  event: AuditEvent['event'] | null = null,
  moved: { id: string; fault: MoveFault | null }[] = [],
): Promise<boolean> {
  return ctx.db.write((tx) => {
    const move = readMove(tx, ctx.secrets)
    const changed = move && next(move)
    if (!changed) return false
    rememberMoved(tx, moved)
    writeMove(ctx, tx, changed)
    if (event) recordEvent(ctx, tx, { event, accountId: null, details: { to: nameOfPlace(changed.to) } })
    return true
  })
}

async function noteTrouble(ctx: MoveNeeds, error: unknown): Promise<void> {
  const reason = reasonOf(error).slice(0, 500)
  ctx.log.error({ error, reason }, 'the move of the objects is paused')
  await ctx.db.write((tx) => {
    const move = readMove(tx, ctx.secrets)
    if (!move) return
    const now = ctx.clock.now()
    const tries = (move.trouble?.tries ?? 0) + 1
    const pause = Math.min(longestPause, shortestPause * 2 ** (tries - 1))
    const trouble = { reason, since: move.trouble?.since ?? now, tries, retryAt: now + pause }
    writeMove(ctx, tx, { ...move, trouble })
    if (!move.trouble) recordEvent(ctx, tx, { event: 'storage.move_paused', accountId: null, details: { reason } })
  })
}
