import { access, mkdir, readdir, stat } from 'node:fs/promises'
import { join } from 'node:path'
import type { BlobStore } from '#server/blobs/blob-store.ts'
import { diskStore } from '#server/blobs/disk.ts'
import type { SnapshotConfig } from '#server/config/keeping-env.ts'
import { writeFileAtomically } from '#server/kit/atomic-file.ts'

/** What one recovery key opens: the pieces, and the manifests that make snapshots of them. */
export type Generation = AsyncDisposable & { keyId: string; pieces: BlobStore; manifests: BlobStore }

export type SnapshotTarget = {
  /** For people; holds no credentials. */
  name: string
  /**
   * @param adopted  the target has been written to before, so it must show that it is the same one
   * @throws TargetAway
   */
  open(keyId: string, adopted: boolean): Promise<Generation>
  /** For reading; makes nothing. @returns null when nothing here was made for that key. @throws TargetAway */
  find(keyId: string): Promise<Generation | null>
  /** Ids of the keys that snapshots here were made for. @throws TargetAway, store.unavailable */
  keyIds(): Promise<string[]>
}

/** The folder is not there, or is not the one it was: a disk that is not plugged in looks like an empty folder. */
export class TargetAway extends Error {
  constructor(message: string) {
    super(message)
    this.name = 'TargetAway'
  }
}

const markFile = 'hearthkeep-snapshots.txt'
const mark = `This folder holds snapshots of a Hearthkeep server, sealed with its recovery key.
Bring them back with: hearthkeep restore --from <this folder>
`
const keyFolder = /^[0-9a-f]{16}$/

export function snapshotTarget(config: SnapshotConfig): SnapshotTarget {
  return config.kind === 'folder' ? folderTarget(config.folder) : bucketTarget(config)
}

function folderTarget(folder: string): SnapshotTarget {
  return {
    name: folder,
    async open(keyId, adopted) {
      await requireFolder(folder)
      const marked = await exists(join(folder, markFile))
      if (adopted && !marked)
        throw new TargetAway(
          `The snapshot folder ${folder} is not the one it was; is its disk plugged in? If it is a new one: hearthkeep snapshot now --adopt`,
        )
      if (!marked) await writeFileAtomically(join(folder, markFile), mark)
      const own = join(folder, keyId)
      await mkdir(own, { recursive: true, mode: 0o700 })
      return folderGeneration(own, keyId)
    },
    async find(keyId) {
      await requireFolder(folder)
      const own = join(folder, keyId)
      return (await exists(join(own, 'manifests'))) ? folderGeneration(own, keyId) : null
    },
    async keyIds() {
      await requireFolder(folder)
      return (await readdir(folder)).filter((name) => keyFolder.test(name))
    },
  }
}

function folderGeneration(own: string, keyId: string): Generation {
  return generation(keyId, diskStore({ folder: join(own, 'pieces') }), diskStore({ folder: join(own, 'manifests') }))
}

async function requireFolder(folder: string): Promise<void> {
  const found = await stat(folder).catch(() => null)
  if (!found?.isDirectory()) throw new TargetAway(`There is no snapshot folder ${folder}`)
}

function bucketTarget({ s3 }: Extract<SnapshotConfig, { kind: 's3' }>): SnapshotTarget {
  const base = s3.prefix.replace(/^\/+|\/+$/g, '')
  const under = (path: string) => (base ? `${base}/${path}` : path)
  async function open(keyId: string): Promise<Generation> {
    const { s3Store } = await import('#server/blobs/s3.ts')
    return generation(
      keyId,
      s3Store({ ...s3, prefix: under(`${keyId}/pieces`) }),
      s3Store({ ...s3, prefix: under(`${keyId}/manifests`) }),
    )
  }
  async function keyIds(): Promise<string[]> {
    const { listFolders } = await import('#server/blobs/s3-folders.ts')
    return (await listFolders(s3)).filter((name) => keyFolder.test(name))
  }
  return {
    name: `s3://${[s3.bucket, base].filter(Boolean).join('/')}${s3.endpoint ? ` at ${new URL(s3.endpoint).host}` : ''}`,
    open,
    find: async (keyId) => ((await keyIds()).includes(keyId) ? open(keyId) : null),
    keyIds,
  }
}

function generation(keyId: string, pieces: BlobStore, manifests: BlobStore): Generation {
  return {
    keyId,
    pieces,
    manifests,
    async [Symbol.asyncDispose]() {
      await pieces.close()
      await manifests.close()
    },
  }
}

function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  )
}
