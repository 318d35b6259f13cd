import type { SnapshotConfig } from '#server/config/keeping-env.ts'
import type { WorkState } from '#server/kit/background-work.ts'
import { pinnedTargetNames } from './choose-target.ts'
import { readState } from './keeping-state.ts'
import type { RunningServer } from './needs.ts'
import type { ShownPlace } from './read-storage.ts'
import { readRecipient } from './recovery-key.ts'
import { listSnapshots, ManifestDamaged, piecesOf, readManifest } from './snapshot-manifest.ts'
import { snapshotTarget } from './snapshot-target.ts'
import { targetFailure } from './store-piece.ts'

/** Times in milliseconds. */
export type SnapshotsOverview = {
  /** Null = none are taken. `name` holds no credentials. */
  target: { name: string; place: Extract<ShownPlace, { kind: 's3' }> | { kind: 'folder'; folder: string } } | null
  pinned: string[]
  key: { id: string; madeAt: number } | null
  /** The file that holds the public half cannot be read. */
  isKeyDamaged: boolean
  hours: number
  keepDaily: number
  keepWeekly: number
  run: { at: number; outcome: string; succeededAt: number | null; name: string | null; objects: number } | null
  drill: { at: number; outcome: string; snapshot: string | null; readAt: number | null } | null
  work: WorkState | null
}

/** How the server is copied off this machine, and how the last copies went. */
export async function readSnapshots(ctx: RunningServer): Promise<SnapshotsOverview> {
  const { config, db, settings, work } = ctx
  const { snapshotHours, snapshotKeepDaily, snapshotKeepWeekly } = settings.values
  const recipient = await readRecipient(config.dataFolder).catch(() => 'damaged' as const)
  const run = readState(db.read, 'snapshot.run')
  const drill = readState(db.read, 'snapshot.drill')
  return {
    target: config.snapshots && { name: snapshotTarget(config.snapshots).name, place: shownTarget(config.snapshots) },
    pinned: pinnedTargetNames(ctx),
    key: recipient === null || recipient === 'damaged' ? null : { id: recipient.id, madeAt: recipient.createdAt },
    isKeyDamaged: recipient === 'damaged',
    hours: snapshotHours,
    keepDaily: snapshotKeepDaily,
    keepWeekly: snapshotKeepWeekly,
    run: run && {
      at: run.finishedAt,
      outcome: run.outcome,
      succeededAt: run.details.succeededAt,
      name: run.details.name,
      objects: run.details.objects,
    },
    drill: drill && {
      at: drill.finishedAt,
      outcome: drill.outcome,
      snapshot: drill.details.snapshot,
      readAt: drill.details.storedAt,
    },
    work: work.stateOf('snapshot'),
  }
}

function shownTarget(target: SnapshotConfig): NonNullable<SnapshotsOverview['target']>['place'] {
  if (target.kind === 'folder') return target
  const { endpoint = null, region, bucket, prefix, forcePathStyle } = target.s3
  return { kind: 's3', endpoint, region, bucket, prefix, forcePathStyle }
}

/** Sizes in bytes of what is sealed; `createdAt` null when the manifest is damaged. */
export type KeptSnapshot = { name: string; createdAt: number | null; objects: number; bytes: number }

/** @returns what is in the target, newest first, or why it cannot be seen, in words */
export async function listKeptSnapshots({ config }: Pick<RunningServer, 'config'>): Promise<KeptSnapshot[] | string> {
  if (!config.snapshots) return []
  try {
    const recipient = await readRecipient(config.dataFolder)
    await using generation = recipient ? await snapshotTarget(config.snapshots).find(recipient.id) : null
    if (!recipient || !generation) return []
    const kept: KeptSnapshot[] = []
    for (const name of await listSnapshots(generation)) {
      const manifest = await readManifest(generation.manifests, name, recipient.manifestKey).catch((error) => {
        if (error instanceof ManifestDamaged) return null
        throw error
      })
      const bytes = manifest ? piecesOf(manifest).reduce((sum, { size }) => sum + size, 0) : 0
      kept.push({ name, createdAt: manifest?.createdAt ?? null, objects: manifest?.objects.length ?? 0, bytes })
    }
    return kept
  } catch (error) {
    return targetFailure(error).message
  }
}
