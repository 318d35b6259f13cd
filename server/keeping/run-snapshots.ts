import { recordEvent } from '#server/notices/audit.ts'
import { drillStored } from './drill-snapshot.ts'
import { type Kept, readState, writeState } from './keeping-state.ts'
import type { KeepingNeeds } from './needs.ts'
import { pruneSnapshots } from './prune-snapshots.ts'
import { readRecipient } from './recovery-key.ts'
import { listSnapshots, readManifest } from './snapshot-manifest.ts'
import { type SnapshotTarget, snapshotTarget } from './snapshot-target.ts'
import { targetFailure } from './store-piece.ts'
import { SnapshotStopped, type SnapshotTaken, type TakeOptions, takeSnapshot } from './take-snapshot.ts'
import { SnapshotUnderWay } from './work-folder.ts'

const hour = 3_600_000
const day = 24 * hour
/** After a run that failed: a disk may be plugged in again. */
const retryAfter = hour
/** Between two drills that read every piece. */
const drillEvery = 7 * day

/** No snapshots are taken: `HEARTHKEEP_SNAPSHOT_DIR` or `_S3_…` is not set. */
export class NoSnapshotTarget extends Error {
  constructor() {
    super('No snapshots are taken: set HEARTHKEEP_SNAPSHOT_DIR or HEARTHKEEP_SNAPSHOT_S3_BUCKET (see README)')
    this.name = 'NoSnapshotTarget'
  }
}

/** The job: a snapshot when one is due, and once a week a drill that reads every piece. */
export async function keepSnapshots(ctx: KeepingNeeds, signal?: AbortSignal): Promise<void> {
  if (!ctx.config.snapshots) return
  const now = ctx.clock.now()
  try {
    if (await isSnapshotDue(ctx, now)) await runSnapshot(ctx, signal ? { signal } : {})
    else if (isDrillDue(ctx, now)) await runDrill(ctx)
  } catch (error) {
    if (!isNoFailure(error)) throw error
  }
}

/** The command line is at it, or the server stops. */
function isNoFailure(error: unknown): boolean {
  return error instanceof SnapshotUnderWay || error instanceof SnapshotStopped
}

/** At its hour; at once for another target or key, and when the drill has found what only another run can mend. */
async function isSnapshotDue(ctx: KeepingNeeds, now: number): Promise<boolean> {
  const last = readState(ctx.db.read, 'snapshot.run')
  if (!last || last.details.target !== targetOf(ctx).name) return true
  const recipient = await readRecipient(ctx.config.dataFolder)
  if (last.details.keyId !== (recipient?.id ?? null)) return true
  const pause = ctx.settings.values.snapshotHours * hour
  const since = Math.abs(now - last.startedAt)
  if (last.outcome !== 'ok' && last.details.succeededAt !== last.finishedAt) return since >= Math.min(pause, retryAfter)
  const drill = readState(ctx.db.read, 'snapshot.drill')
  const toMend = drill !== null && drill.details.damaged.length > 0 && drill.startedAt >= last.finishedAt
  return since >= pause || (toMend && since >= Math.min(pause, retryAfter))
}

function isDrillDue(ctx: KeepingNeeds, now: number): boolean {
  if (!readState(ctx.db.read, 'snapshot.run')?.details.name) return false
  const last = readState(ctx.db.read, 'snapshot.drill')
  if (last && Math.abs(now - last.finishedAt) < retryAfter) return false
  return Math.abs(now - (last?.details.storedAt ?? 0)) >= drillEvery
}

/**
 * Make a snapshot, prune what has outlived its time, look after the result, and write down how it went.
 *
 * @param adopt  take a folder in the place of the one before for good
 * @throws what `takeSnapshot` throws, NoSnapshotTarget; the state says so then as well
 */
export async function runSnapshot(
  ctx: KeepingNeeds,
  { signal, onProgress, adopt = false }: Pick<TakeOptions, 'signal' | 'onProgress'> & { adopt?: boolean } = {},
): Promise<SnapshotTaken> {
  const target = targetOf(ctx)
  const before = readState(ctx.db.read, 'snapshot.run')
  const recipient = await readRecipient(ctx.config.dataFolder)
  const adopted = !adopt && before?.details.target === target.name && before.details.adopted
  const same = before?.details.target === target.name && before.details.keyId === (recipient?.id ?? null)
  const started = {
    startedAt: ctx.clock.now(),
    details: {
      target: target.name,
      adopted,
      keyId: recipient?.id ?? null,
      succeededAt: same ? before.details.succeededAt : null,
      name: same ? before.details.name : null,
      objects: same ? before.details.objects : 0,
      bytes: 0,
      remarks: [] as string[],
    },
  }
  try {
    const damaged = readState(ctx.db.read, 'snapshot.drill')?.details.damaged
    const taken = await takeSnapshot(ctx, target, {
      adopted,
      ...(damaged && { damaged }),
      ...(signal && { signal }),
      ...(onProgress && { onProgress }),
    })
    const { name, objects, bytes, remarks } = taken
    const finishedAt = ctx.clock.now()
    const details = { ...started.details, adopted: true, succeededAt: finishedAt, name, objects, bytes, remarks }
    const outcome = remarks.length > 0 ? remarks.slice(0, 5).join('; ') : 'ok'
    await record(ctx, before, { startedAt: started.startedAt, finishedAt, outcome, details })
    ctx.log.info({ snapshot: name, objects, copied: taken.copied, bytes }, 'a server snapshot was made')
    await runDrill(ctx, 'listed')
    await prune(ctx, target)
    return taken
  } catch (error) {
    if (isNoFailure(error)) throw error
    const outcome = error instanceof Error ? error.message : 'failed'
    await record(ctx, before, { ...started, finishedAt: ctx.clock.now(), outcome })
    throw error
  }
}

/** A change from well to ill and back is an event; the jobs table has the rest. */
async function record(
  ctx: KeepingNeeds,
  before: Kept<'snapshot.run'> | null,
  now: Kept<'snapshot.run'>,
): Promise<void> {
  if (now.outcome !== 'ok') ctx.log.error({ reason: now.outcome }, 'the server snapshot failed or is not whole')
  const [was, is] = [before === null || before.outcome === 'ok', now.outcome === 'ok']
  const event = is ? 'snapshot.recovered' : 'snapshot.failed'
  const details = is ? {} : { details: { reason: now.outcome.slice(0, 500) } }
  await ctx.db.write((tx) => {
    writeState(tx, 'snapshot.run', now)
    if (was !== is) recordEvent(ctx, tx, { event, accountId: null, ...details })
  })
}

/**
 * Look after the newest snapshot without the recovery key (`drillStored`), and write down how it went.
 *
 * @returns what is wrong, in words; nothing = green
 */
export async function runDrill(ctx: KeepingNeeds, depth: 'listed' | 'stored' = 'stored'): Promise<string[]> {
  const startedAt = ctx.clock.now()
  const before = readState(ctx.db.read, 'snapshot.drill')
  let details = {
    snapshot: null as string | null,
    depth,
    pieces: 0,
    storedAt: before?.details.storedAt ?? null,
    damaged: [] as string[],
  }
  let faults: string[]
  try {
    const found = await drillNewest(ctx, depth)
    faults = found.faults
    details = { ...details, ...found.details, storedAt: depth === 'stored' ? ctx.clock.now() : details.storedAt }
  } catch (error) {
    faults = [targetFailure(error).message]
  }
  const outcome = faults.length === 0 ? 'ok' : faults.slice(0, 5).join('; ')
  const state = { startedAt, finishedAt: ctx.clock.now(), outcome, details }
  const isNews = faults.length > 0 && (before === null || before.outcome === 'ok')
  const event = { event: 'snapshot.drill_failed' as const, accountId: null, details: { reason: outcome.slice(0, 500) } }
  await ctx.db.write((tx) => {
    writeState(tx, 'snapshot.drill', state)
    if (isNews) recordEvent(ctx, tx, event)
  })
  const { snapshot, pieces } = details
  if (faults.length > 0) ctx.log.error({ snapshot, reason: outcome }, 'the restore drill is red')
  else ctx.log.info({ snapshot, pieces, depth }, 'the restore drill is green')
  return faults
}

async function drillNewest(ctx: KeepingNeeds, depth: 'listed' | 'stored') {
  const recipient = await readRecipient(ctx.config.dataFolder)
  const target = targetOf(ctx)
  await using generation = recipient ? await target.find(recipient.id) : null
  const name = generation ? (await listSnapshots(generation))[0] : undefined
  if (!recipient || !generation || name === undefined)
    return { faults: ['There is no snapshot in the target'], details: { snapshot: null, pieces: 0, damaged: [] } }
  const manifest = await readManifest(generation.manifests, name, recipient.manifestKey)
  const { faults, pieces, damaged } = await drillStored(generation, manifest, depth)
  return { faults, details: { snapshot: name, pieces, damaged } }
}

/** Failing here fails no snapshot: there is only more kept than need be. */
async function prune(ctx: KeepingNeeds, target: SnapshotTarget): Promise<void> {
  const recipient = await readRecipient(ctx.config.dataFolder)
  await using generation = recipient ? await target.find(recipient.id) : null
  if (!recipient || !generation) return
  const { snapshotKeepDaily: daily, snapshotKeepWeekly: weekly } = ctx.settings.values
  try {
    const { manifestKey } = recipient
    const gone = await pruneSnapshots(ctx, generation, { keep: { daily, weekly }, manifestKey })
    if (gone.snapshots + gone.pieces > 0) ctx.log.info(gone, 'old server snapshots were removed')
  } catch (error) {
    ctx.log.warn({ error }, 'old server snapshots could not be removed')
  }
}

export function targetOf(ctx: KeepingNeeds): SnapshotTarget {
  if (!ctx.config.snapshots) throw new NoSnapshotTarget()
  return snapshotTarget(ctx.config.snapshots)
}
