import { createReadStream } from 'node:fs'
import { stat } from 'node:fs/promises'
import { eachAtOnce } from '#server/kit/at-once.ts'
import { isProblem } from '#server/kit/problem.ts'
import { readBlob } from '#server/vault/store.ts'
import { clearPartials } from './clear-partials.ts'
import { type CopiedRow, copyDatabase, dropFromHistory, faultsOfCopy, rowsOf } from './database-copy.ts'
import { householdBytes, packHousehold } from './household.ts'
import type { KeepingNeeds } from './needs.ts'
import { NoRecoveryKey, type Recipient, readRecipient } from './recovery-key.ts'
import {
  encodeManifest,
  listSnapshots,
  type Manifest,
  ManifestDamaged,
  type Piece,
  readManifest,
  snapshotName,
} from './snapshot-manifest.ts'
import type { Generation, SnapshotTarget } from './snapshot-target.ts'
import { storePiece, TargetFailed, targetFailure } from './store-piece.ts'
import { openWorkFolder, type WorkFolder } from './work-folder.ts'

/** A line to S3 is mostly waiting, a disk mostly not. */
const width = { disk: 2, s3: 6 }
/** Each time only what came meanwhile has to be copied. */
const mostPasses = 6

export type SnapshotTaken = {
  name: string
  /** In the snapshot, and of those copied by this run. */
  objects: number
  copied: number
  /** Sealed bytes written by this run. */
  bytes: number
  /** What the snapshot could not take along, in words. */
  remarks: string[]
}

export type TakeOptions = {
  /** The target has been written to before. */
  adopted: boolean
  /** Ids of pieces that the last drill found damaged; they are copied anew. */
  damaged?: string[]
  /** Aborts when the server stops; the next run goes on. */
  signal?: AbortSignal
  /** Of the objects that have to be copied. */
  onProgress?(progress: { done: number; total: number }): void
}

/** The server stops; nothing has failed. */
export class SnapshotStopped extends Error {
  constructor() {
    super('The snapshot was stopped with the server; the next run goes on with it')
    this.name = 'SnapshotStopped'
  }
}

/**
 * Make a snapshot: the objects that the target does not have yet, a copy of the database, the keys of the data folder,
 * each sealed to the recovery key, and last the manifest that makes a snapshot of them. An interrupted run leaves no
 * snapshot, and the next one goes on with the objects it has copied.
 *
 * @throws NoRecoveryKey, SnapshotUnderWay, TargetAway, TargetFailed, store.unavailable, Error
 */
export async function takeSnapshot(
  ctx: KeepingNeeds,
  target: SnapshotTarget,
  options: TakeOptions,
): Promise<SnapshotTaken> {
  const { config, clock, ids } = ctx
  const recipient = await readRecipient(config.dataFolder)
  if (!recipient) throw new NoRecoveryKey()
  using work = await openWorkFolder(config.dataFolder, `${target.name} ${recipient.id}`)
  await using generation = await target.open(recipient.id, options.adopted).catch((error) => {
    throw targetFailure(error)
  })

  const run = new Run(ctx, generation, recipient, work, options)
  await run.learnWhatIsThere(new Set(options.damaged))
  const rows = await run.copyEverything()
  const createdAt = clock.now()
  const name = snapshotName(createdAt, run.newest, ids.random(4))
  const database = await run.store(ids.randomUuid(), createReadStream(work.databasePath), await sizeOf(work))
  const packed = await packHousehold({
    dataFolder: config.dataFolder,
    belongings: config.belongings,
    program: ctx.version,
    snapshot: name,
    createdAt,
    objects: rows.map(({ id, size, sha256 }) => [id, size, sha256]),
  })
  const bytes = householdBytes(packed.household)
  const household = await run.store(ids.randomUuid(), bytes, 0)
  const objects = run.objectsOf(rows)
  await publish(generation, { name, keyId: recipient.id, createdAt, database, household, objects }, recipient)
  await work.finish()
  const skipped = packed.skipped.map((path) => `${path} in the data folder is too large to be a key and was left out`)
  return {
    name,
    objects: objects.length,
    copied: run.copied,
    bytes: run.bytes,
    remarks: [...run.remarks(), ...skipped],
  }
}

/** What one run knows while it goes on. */
class Run {
  copied = 0
  bytes = 0
  /** Name of the newest snapshot before. */
  newest: string | undefined
  readonly #ctx: KeepingNeeds
  readonly #generation: Generation
  readonly #recipient: Recipient
  readonly #work: WorkFolder
  readonly #options: TakeOptions
  /** Pieces in the target whose bytes are known. */
  #there = new Map<string, Piece>()
  /** Objects that cannot be read here and are not in the target either, with the reason. */
  #lost = new Map<string, string>()

  constructor(ctx: KeepingNeeds, generation: Generation, recipient: Recipient, work: WorkFolder, options: TakeOptions) {
    this.#ctx = ctx
    this.#generation = generation
    this.#recipient = recipient
    this.#work = work
    this.#options = options
  }

  /**
   * Pieces of the snapshot before and of an interrupted run that are still there, as far as the target's listing tells.
   * One manifest is enough: each takes over what it needs of the one before.
   */
  async learnWhatIsThere(damaged: Set<string>): Promise<void> {
    try {
      await clearPartials(this.#generation.pieces)
      const sizes = new Map<string, number>()
      for await (const { id, size } of this.#generation.pieces.list()) sizes.set(id, size)
      const before = await this.#newestManifest()
      for (const piece of [...(before?.objects ?? []), ...this.#work.copied.values()])
        if (sizes.get(piece.id) === piece.size && !damaged.has(piece.id)) this.#there.set(piece.id, piece)
    } catch (error) {
      throw targetFailure(error)
    }
  }

  /** A damaged one costs copying some objects anew, and is told by the drill. */
  async #newestManifest(): Promise<Manifest | null> {
    const names = await listSnapshots(this.#generation)
    this.newest = names[0]
    for (const name of names) {
      try {
        return await readManifest(this.#generation.manifests, name, this.#recipient.manifestKey)
      } catch (error) {
        if (!(error instanceof ManifestDamaged)) throw error
        this.#ctx.log.warn({ snapshot: name }, 'the manifest of a snapshot is damaged')
      }
    }
    return null
  }

  /**
   * Copy the database, then the objects it names. The server goes on meanwhile: if an object that the copy calls
   * current has been replaced and reaped by the time it is its turn, a newer copy of the database is needed.
   */
  async copyEverything(): Promise<CopiedRow[]> {
    const { databasePath } = this.#work
    for (let pass = 1; pass <= mostPasses; pass += 1) {
      await copyDatabase(this.#ctx.db.path, databasePath)
      const rows = rowsOf(databasePath)
      const gone = await this.#copyObjects(rows.filter(({ id }) => !this.#there.has(id)))
      if (gone.some(({ state }) => state === 'live')) continue
      const reaped = new Set(gone.map(({ id }) => id))
      if (reaped.size > 0) dropFromHistory(databasePath, [...reaped])
      const kept = rows.filter(({ id }) => !reaped.has(id))
      const faults = await faultsOfCopy(databasePath, new Set([...this.#there.keys(), ...this.#lost.keys()]))
      if (faults.length > 0) throw new Error(faults.join('; '))
      return kept
    }
    throw new Error('Objects were replaced faster than they could be copied; the next run tries again')
  }

  /** @returns those that the reaper has taken meanwhile */
  async #copyObjects(rows: CopiedRow[]): Promise<CopiedRow[]> {
    const gone: CopiedRow[] = []
    this.#lost.clear()
    let done = 0
    await eachAtOnce(rows, width[this.#generation.pieces.kind], async (row) => {
      const fault = await this.#copyObject(row)
      if (fault === 'gone') gone.push(row)
      else if (fault) this.#lost.set(row.id, fault)
      done += 1
      this.#options.onProgress?.({ done, total: rows.length })
    })
    return gone
  }

  /** @returns null when it is in the target now, else why not */
  async #copyObject(row: CopiedRow): Promise<'gone' | 'missing' | 'damaged' | null> {
    const { db, vault } = this.#ctx
    const isGone = () => ['reaping', undefined].includes(readBlob(db.read, row.id)?.state)
    if (isGone()) return 'gone'
    try {
      const object = await vault.open(row.id)
      try {
        await this.#work.remember(await this.store(row.id, object.chunks, row.size))
      } finally {
        await object.close()
      }
      this.copied += 1
      return null
    } catch (error) {
      if (!isProblem(error) || (error.code !== 'object.missing' && error.code !== 'object.damaged')) throw error
      if (isGone()) return 'gone'
      return error.code === 'object.missing' ? 'missing' : 'damaged'
    }
  }

  /** @throws SnapshotStopped */
  async store(id: string, plain: AsyncIterable<Uint8Array>, size: number): Promise<Piece> {
    if (this.#options.signal?.aborted) throw new SnapshotStopped()
    const { publicKey } = this.#recipient
    const piece = await storePiece(this.#generation.pieces, { id, publicKey, plain, size })
    this.#there.set(id, piece)
    this.bytes += piece.size
    return piece
  }

  objectsOf(rows: CopiedRow[]): Piece[] {
    return rows.flatMap(({ id }) => this.#there.get(id) ?? [])
  }

  remarks(): string[] {
    return Array.from(this.#lost, ([id, fault]) => `the object ${id} is ${fault} and in no snapshot`)
  }
}

/** From here on it is a snapshot. Read back like the pieces. */
async function publish({ manifests }: Generation, manifest: Manifest, { manifestKey }: Recipient): Promise<void> {
  const bytes = encodeManifest(manifest, manifestKey)
  try {
    await manifests.put(manifest.name, once(bytes), { length: bytes.length })
    await readManifest(manifests, manifest.name, manifestKey)
  } catch (error) {
    if (!(error instanceof ManifestDamaged)) throw targetFailure(error)
    await manifests.delete(manifest.name).catch(() => {})
    throw new TargetFailed('The snapshot target gave back another manifest than was written')
  }
}

async function* once(bytes: Uint8Array): AsyncIterable<Uint8Array> {
  yield bytes
}

async function sizeOf({ databasePath }: WorkFolder): Promise<number> {
  return (await stat(databasePath)).size
}
