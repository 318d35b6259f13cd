import type { Recipient } from './recovery-key.ts'
import { listSnapshots, type Manifest, ManifestDamaged, readManifest } from './snapshot-manifest.ts'
import type { Generation, SnapshotTarget } from './snapshot-target.ts'

/** Nothing in the target is what was asked for; the words say what there is. */
export class NoSuchSnapshot extends Error {
  constructor(message: string) {
    super(message)
    this.name = 'NoSuchSnapshot'
  }
}

/**
 * The newest snapshot that this key opens, or the one of that name.
 *
 * @throws NoSuchSnapshot, ManifestDamaged, TargetAway, store.unavailable
 */
export async function findSnapshot(
  target: SnapshotTarget,
  key: Pick<Recipient, 'id' | 'manifestKey'>,
  at: string | undefined,
): Promise<{ generation: Generation; manifest: Manifest }> {
  const generation = await openGeneration(target, key)
  try {
    const names = await listSnapshots(generation)
    const name = at ?? names[0]
    if (name === undefined) throw new NoSuchSnapshot(`There is no complete snapshot in ${target.name} yet`)
    if (!names.includes(name))
      throw new NoSuchSnapshot(`There is no snapshot ${name} in ${target.name}; there are: ${names.join(', ')}`)
    const manifest = await readManifest(generation.manifests, name, key.manifestKey).catch((error) => {
      const others = names.filter((one) => one !== name)
      if (!(error instanceof ManifestDamaged) || others.length === 0) throw error
      throw new NoSuchSnapshot(`${error.message}. Take another with --at: ${others.join(', ')}`)
    })
    return { generation, manifest }
  } catch (error) {
    await generation[Symbol.asyncDispose]()
    throw error
  }
}

async function openGeneration(target: SnapshotTarget, key: Pick<Recipient, 'id'>): Promise<Generation> {
  const found = await target.find(key.id)
  if (found) return found
  const others = await target.keyIds()
  if (others.length === 0) throw new NoSuchSnapshot(`There are no snapshots in ${target.name}`)
  throw new NoSuchSnapshot(
    `This recovery key (${key.id}) opens no snapshot in ${target.name}; those there are for the key ${others.join(', ')}`,
  )
}
