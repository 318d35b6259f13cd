import type { Clock } from '#server/kit/clock.ts'
import { listSnapshots, piecesOf, readManifest } from './snapshot-manifest.ts'
import type { Generation } from './snapshot-target.ts'

const day = 24 * 3_600_000
/** A piece that no snapshot has may belong to a run under way; after a day it belongs to nobody. */
const grace = day

/** Of the newest, whatever their days: the one before the newest is there when that turns out to be damaged. */
const newestKept = 3

export type Keep = { daily: number; weekly: number }

/**
 * Names of the snapshots to keep: the newest of each of the last days and weeks that have one (UTC), and the newest
 * three whatever the numbers say. What counts are days that have a snapshot, so a year's pause deletes nothing.
 *
 * @param names  newest first
 */
export function snapshotsToKeep(names: string[], { daily, weekly }: Keep): Set<string> {
  const kept = new Set(names.slice(0, newestKept))
  const newestOf = (period: (name: string) => string, most: number) => {
    const seen = new Set<string>()
    for (const name of names) {
      if (seen.size >= most) return
      if (!seen.has(period(name))) kept.add(name)
      seen.add(period(name))
    }
  }
  newestOf((name) => name.slice(0, 8), daily)
  newestOf(weekOf, weekly)
  return kept
}

/** Monday's date stands for the week. */
function weekOf(name: string): string {
  const [year, month, date] = [name.slice(0, 4), name.slice(4, 6), name.slice(6, 8)]
  const at = Date.parse(`${year}-${month}-${date}T00:00:00Z`)
  const sinceMonday = (new Date(at).getUTCDay() + 6) % 7
  return new Date(at - sinceMonday * day).toISOString().slice(0, 10)
}

/**
 * Remove snapshots that have outlived their retention, and pieces that none of the others has. The manifest goes
 * first: a snapshot without some of its pieces must not look whole.
 *
 * @returns how many of each went
 * @throws ManifestDamaged when a kept snapshot cannot be read, for what it needs is unknown then; store.unavailable
 */
export async function pruneSnapshots(
  ctx: { clock: Clock },
  generation: Generation,
  { keep, manifestKey }: { keep: Keep; manifestKey: Buffer },
): Promise<{ snapshots: number; pieces: number }> {
  const names = await listSnapshots(generation)
  const kept = snapshotsToKeep(names, keep)
  const outlived = names.filter((name) => !kept.has(name))
  if (outlived.length === 0) return { snapshots: 0, pieces: 0 }
  const needed = new Set<string>()
  for (const name of kept)
    for (const { id } of piecesOf(await readManifest(generation.manifests, name, manifestKey))) needed.add(id)

  for (const name of outlived) await generation.manifests.delete(name)

  const before = new Date(ctx.clock.now() - grace)
  let pieces = await generation.pieces.sweepPartials(before)
  await generation.manifests.sweepPartials(before)
  for await (const { id, modifiedAt } of generation.pieces.list()) {
    if (needed.has(id) || modifiedAt >= before) continue
    await generation.pieces.delete(id)
    pieces += 1
  }
  return { snapshots: outlived.length, pieces }
}
