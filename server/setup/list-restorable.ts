import type { RecoveryKey } from '#server/keeping/recovery-key.ts'
import { listSnapshots, ManifestDamaged, piecesOf, readManifest } from '#server/keeping/snapshot-manifest.ts'
import type { SnapshotTarget } from '#server/keeping/snapshot-target.ts'
import { Problem } from '#server/kit/problem.ts'

/** A snapshot that a server can be brought back from. */
export type Restorable = {
  name: string
  /** Milliseconds; null when its manifest is damaged, and it cannot be used. */
  createdAt: number | null
  objects: number
  /** Of everything that is fetched. */
  bytes: number
}

/**
 * What this key opens, the newest first.
 *
 * @throws restore.no_snapshots, TargetAway, store.unavailable
 */
export async function listRestorable(target: SnapshotTarget, key: RecoveryKey): Promise<Restorable[]> {
  await using generation = await target.find(key.id)
  if (!generation) throw new Problem('restore.no_snapshots')
  const found: Restorable[] = []
  for (const name of await listSnapshots(generation)) {
    const manifest = await readManifest(generation.manifests, name, key.manifestKey).catch((error) => {
      if (error instanceof ManifestDamaged) return null
      throw error
    })
    const bytes = manifest ? piecesOf(manifest).reduce((sum, { size }) => sum + size, 0) : 0
    found.push({ name, createdAt: manifest?.createdAt ?? null, objects: manifest?.objects.length ?? 0, bytes })
  }
  if (found.length === 0) throw new Problem('restore.no_snapshots')
  return found
}
