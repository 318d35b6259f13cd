import { readUsage } from '#server/vault/store.ts'
import { readState } from './keeping-state.ts'
import { readMove } from './move-state.ts'
import type { RunningServer } from './needs.ts'
import { roomOf, shownPlace } from './read-storage.ts'
import { readRecipient } from './recovery-key.ts'

const hour = 3_600_000
const gibibyte = 1024 ** 3
/** Less than this of a disk, and less than this in bytes, is nearly full. */
const littleShare = 0.1
const littleBytes = 5 * gibibyte
/** How many times the pause between two snapshots may pass without one. */
const mostMissed = 2.5

/** Something the keeper ought to look at. Times in milliseconds, sizes in bytes. */
export type KeepingConcern =
  | { kind: 'quarantined'; objects: number }
  /** It is in doubt whether the clock is right; until it is believed, nothing is deleted for its age. */
  | { kind: 'clock_ahead'; ahead: number; left: number }
  | { kind: 'move_paused'; reason: string; since: number }
  | { kind: 'disk_nearly_full'; folder: string; free: number }
  /** Nothing is copied off this machine. */
  | { kind: 'no_snapshots' }
  | { kind: 'no_kit' }
  | { kind: 'snapshot_failed'; reason: string }
  | { kind: 'snapshot_old'; since: number | null }
  | { kind: 'drill_red'; reason: string }

/** What is not as it should be with the bytes and their copies, the gravest first. */
export async function findKeepingConcerns(ctx: RunningServer): Promise<KeepingConcern[]> {
  return [...damage(ctx), ...clockAhead(ctx), ...moving(ctx), ...(await fullness(ctx)), ...(await snapshots(ctx))]
}

function damage({ db }: RunningServer): KeepingConcern[] {
  const objects = readUsage(db.read).find(({ state }) => state === 'quarantined')?.objects ?? 0
  return objects > 0 ? [{ kind: 'quarantined', objects }] : []
}

function clockAhead({ settled }: RunningServer): KeepingConcern[] {
  const { doubt } = settled
  return doubt ? [{ kind: 'clock_ahead', ...doubt }] : []
}

function moving({ db, secrets }: RunningServer): KeepingConcern[] {
  const trouble = readMove(db.read, secrets)?.trouble
  return trouble ? [{ kind: 'move_paused', reason: trouble.reason, since: trouble.since }] : []
}

async function fullness({ config, blobs }: RunningServer): Promise<KeepingConcern[]> {
  const place = shownPlace(blobs.place, config.dataFolder)
  const folders = place.kind === 'disk' && !place.isOwn ? [config.dataFolder, place.folder] : [config.dataFolder]
  const concerns: KeepingConcern[] = []
  for (const folder of folders) {
    const room = await roomOf(folder)
    if (room && room.free < littleBytes && room.free < room.total * littleShare)
      concerns.push({ kind: 'disk_nearly_full', folder, free: room.free })
  }
  return concerns
}

async function snapshots({ config, db, settings, clock }: RunningServer): Promise<KeepingConcern[]> {
  if (!config.snapshots) return [{ kind: 'no_snapshots' }]
  if (!(await readRecipient(config.dataFolder).catch(() => null))) return [{ kind: 'no_kit' }]
  const run = readState(db.read, 'snapshot.run')
  // The first one is on its way.
  if (!run) return []
  const concerns: KeepingConcern[] = []
  if (run.outcome !== 'ok') concerns.push({ kind: 'snapshot_failed', reason: run.outcome })
  const since = run.details.succeededAt
  const longest = settings.values.snapshotHours * mostMissed * hour
  if (run.outcome === 'ok' && (since === null || clock.now() - since > longest))
    concerns.push({ kind: 'snapshot_old', since })
  const drill = readState(db.read, 'snapshot.drill')
  if (drill && drill.outcome !== 'ok') concerns.push({ kind: 'drill_red', reason: drill.outcome })
  return concerns
}
