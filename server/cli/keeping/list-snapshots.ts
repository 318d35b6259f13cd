import { usageFailure } from '#server/cli/terminal/failure.ts'
import type { Terminal } from '#server/cli/terminal/terminal.ts'
import type { Outcome } from '#server/cli/terminal/verb-group.ts'
import { NoRecoveryKey, type Recipient, readRecipient } from '#server/keeping/recovery-key.ts'
import { NoSnapshotTarget } from '#server/keeping/run-snapshots.ts'
import {
  listSnapshots,
  type Manifest,
  ManifestDamaged,
  piecesOf,
  readManifest,
} from '#server/keeping/snapshot-manifest.ts'
import { snapshotTarget } from '#server/keeping/snapshot-target.ts'
import { configFrom, type FromOptions, type KeyOptions, readKey } from './key-options.ts'

type Line = { name: string; createdAt: string | null; objects: number; bytes: number; damaged: boolean }

/** Complete snapshots in the target, newest first. */
export async function listAll(
  terminal: Terminal,
  options: KeyOptions & FromOptions,
  keyGiven: boolean,
): Promise<Outcome> {
  const config = configFrom(terminal.env, options)
  if (!config.snapshots) throw new NoSnapshotTarget()
  const key: Pick<Recipient, 'id' | 'manifestKey'> | null = keyGiven
    ? await readKey(options, terminal)
    : await readRecipient(config.dataFolder)
  if (!key) throw new NoRecoveryKey()
  const target = snapshotTarget(config.snapshots)
  await using generation = await target.find(key.id)
  if (!generation) throw usageFailure(`There is no snapshot for the key ${key.id} in ${target.name}`)
  const snapshots: Line[] = []
  for (const name of await listSnapshots(generation)) {
    const manifest = await readManifest(generation.manifests, name, key.manifestKey).catch((error) => {
      if (error instanceof ManifestDamaged) return null
      throw error
    })
    snapshots.push(lineOf(name, manifest))
  }
  const text = snapshots.map(
    ({ name, objects, bytes, damaged }) =>
      `${name}  ${damaged ? 'its manifest is damaged' : `${objects} objects, ${bytes} bytes`}`,
  )
  return { text: text.join('\n') || 'none', json: { target: target.name, keyId: key.id, snapshots } }
}

function lineOf(name: string, manifest: Manifest | null): Line {
  if (!manifest) return { name, createdAt: null, objects: 0, bytes: 0, damaged: true }
  const bytes = piecesOf(manifest).reduce((sum, { size }) => sum + size, 0)
  const createdAt = new Date(manifest.createdAt).toISOString()
  return { name, createdAt, objects: manifest.objects.length, bytes, damaged: false }
}
