import { createHash } from 'node:crypto'
import { rename, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { checkDatabase } from '#db/back-up.ts'
import type { BlobStore, Chunks } from '#server/blobs/blob-store.ts'
import { lockDataFolder } from '#server/config/lock-data-folder.ts'
import { restoringFile } from '#server/config/restoring.ts'
import { eachAtOnce } from '#server/kit/at-once.ts'
import { syncFolder } from '#server/kit/atomic-file.ts'
import type { Clock } from '#server/kit/clock.ts'
import type { Ids } from '#server/kit/ids.ts'
import { faultOf } from '#server/vault/verified-read.ts'
import { clearPartials } from './clear-partials.ts'
import { type CopiedRow, rowsOf } from './database-copy.ts'
import { writeChunks } from './drill-snapshot.ts'
import { findSnapshot } from './find-snapshot.ts'
import { type Household, readHousehold, unpackHousehold } from './household.ts'
import type { RecoveryKey } from './recovery-key.ts'
import { beginRestore, requireEmpty } from './restore-folder.ts'
import { settleRestored } from './restored-database.ts'
import { openPiece, PieceDamaged } from './sealed-piece.ts'
import type { Manifest, Piece } from './snapshot-manifest.ts'
import type { Generation, SnapshotTarget } from './snapshot-target.ts'

const width = { disk: 2, s3: 6 }

export type Restore = {
  target: SnapshotTarget
  key: RecoveryKey
  /** Name of a snapshot; the newest without. */
  at?: string | undefined
  dataFolder: string
  migrationsFolder: string
  /** The store that the objects go to, opened when the folder is ready for it. */
  openBlobs(): Promise<BlobStore>
  clock: Clock
  ids: Ids
  /** Go on without the objects that the snapshot does not have whole. */
  acceptLosses?: boolean
  onProgress?(progress: { done: number; total: number }): void
  /** Stops between two objects; the same restore goes on from there. */
  signal?: AbortSignal
}

export type Restored = {
  snapshot: string
  createdAt: number
  objects: number
  /** In words. */
  losses: string[]
  /** What the old server was called. */
  hostname: string | null
  /** Variables that were set on the old machine and do not move house. */
  left: string[]
}

/** Some objects are not whole in the snapshot, and nobody has said that the rest will do. */
export class RestoreIncomplete extends Error {
  readonly losses: string[]

  constructor(losses: string[]) {
    super(
      `${losses.length} of the objects in the snapshot are missing or damaged:\n${losses.slice(0, 20).join('\n')}\nMend the snapshot's folder and run this again, or take what there is with --accept-losses.`,
    )
    this.name = 'RestoreIncomplete'
    this.losses = losses
  }
}

/**
 * Bring a server back from a snapshot into an empty data folder: objects first, each held to its SHA-256, then keys and
 * certificates, and the database last, so that a server starts on all of it or not at all. Interrupted, it goes on
 * where it stopped when it is run again.
 *
 * @throws FolderNotEmpty, NoSuchSnapshot, ManifestDamaged, PieceDamaged, RestoreIncomplete, DataFolderInUse,
 *   DatabaseTooNew, TargetAway, store.full, store.unavailable
 */
export async function restoreSnapshot(restore: Restore): Promise<Restored> {
  const { dataFolder, key } = restore
  requireEmpty(dataFolder)
  const found = await findSnapshot(restore.target, key, restore.at)
  await using generation = found.generation
  const { manifest } = found
  using _lock = lockDataFolder(dataFolder)
  await beginRestore(dataFolder, manifest.name)

  const fresh = join(dataFolder, 'hearthkeep.sqlite.restoring')
  for (const end of ['', '-wal', '-shm', '-journal']) await rm(fresh + end, { force: true })
  await withPiece(generation, manifest.database, key, (plain) => writeChunks(fresh, plain))
  const faults = await checkDatabase(fresh)
  if (faults.length > 0) throw new PieceDamaged(manifest.database.id, faults.join('; '))
  const household = await readKeys(generation, manifest, key)

  const rows = rowsOf(fresh)
  const losses = await restoreObjects(restore, generation, manifest, rows)
  if (losses.length > 0 && !restore.acceptLosses) throw new RestoreIncomplete(losses)

  await unpackHousehold(household, dataFolder)
  await settleRestored(restore, fresh, manifest.name)
  await rename(fresh, join(dataFolder, 'hearthkeep.sqlite'))
  await syncFolder(dataFolder)
  await rm(join(dataFolder, restoringFile))
  await syncFolder(dataFolder)
  return {
    snapshot: manifest.name,
    createdAt: manifest.createdAt,
    objects: rows.length - losses.length,
    losses,
    hostname: household.belongings.values.HEARTHKEEP_HOSTNAME ?? null,
    left: household.belongings.left,
  }
}

async function readKeys(generation: Generation, manifest: Manifest, key: RecoveryKey): Promise<Household> {
  let household: Household | null = null
  await withPiece(generation, manifest.household, key, async (plain) => {
    household = await readHousehold(plain)
  })
  const read = household as Household | null
  if (read?.snapshot !== manifest.name) throw new PieceDamaged(manifest.household.id, 'it belongs to another snapshot')
  return read
}

/** @returns what could not be brought back, in words */
async function restoreObjects(
  { key, openBlobs, onProgress, signal }: Restore,
  generation: Generation,
  manifest: Manifest,
  rows: CopiedRow[],
): Promise<string[]> {
  const pieces = new Map(manifest.objects.map((piece) => [piece.id, piece]))
  const store = await openBlobs()
  const losses: string[] = []
  let done = 0
  try {
    await clearPartials(store)
    await eachAtOnce(rows, width[generation.pieces.kind], async (row) => {
      signal?.throwIfAborted()
      const piece = pieces.get(row.id)
      if (!piece) losses.push(`object ${row.id}: it was damaged before the snapshot was made`)
      else await restoreObject({ generation, key, store, row, piece }).catch((error) => addLoss(losses, error))
      done += 1
      onProgress?.({ done, total: rows.length })
    })
  } finally {
    await store.close()
  }
  return losses
}

function addLoss(losses: string[], error: unknown): void {
  if (!(error instanceof PieceDamaged)) throw error
  losses.push(error.message)
}

type OneObject = { generation: Generation; key: RecoveryKey; store: BlobStore; row: CopiedRow; piece: Piece }

/** What an interrupted restore, or a bucket that has outlived its server, has whole already is left as it is. */
async function restoreObject({ generation, key, store, row, piece }: OneObject): Promise<void> {
  const there = await store.stat(row.id)
  if (there) {
    if ((await faultOf(await store.open(row.id), row)) === null) return
    await store.delete(row.id)
  }
  await withPiece(generation, piece, key, async (plain) => {
    await store.put(row.id, heldTo(plain, row), { length: row.size })
  })
}

/** Throws at the end, before the store takes the object for whole, when it is not the one the database names. */
async function* heldTo(plain: Chunks, { id, size, sha256 }: CopiedRow): Chunks {
  const hash = createHash('sha256')
  let passed = 0
  for await (const chunk of plain) {
    hash.update(chunk)
    passed += chunk.length
    yield chunk
  }
  if (passed !== size || hash.digest('hex') !== sha256)
    throw new PieceDamaged(id, 'it holds another object than the database names')
}

async function withPiece(
  { pieces }: Generation,
  { id }: Piece,
  key: RecoveryKey,
  work: (plain: Chunks) => Promise<void>,
): Promise<void> {
  const reader = await pieces.open(id)
  if (!reader) throw new PieceDamaged(id, 'it is missing')
  try {
    await work(openPiece(id, key, reader.chunks))
  } finally {
    await reader.close()
  }
}
