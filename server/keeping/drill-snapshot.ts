import { createHash } from 'node:crypto'
import { mkdtemp, open, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Chunks } from '#server/blobs/blob-store.ts'
import { eachAtOnce } from '#server/kit/at-once.ts'
import { faultsOfCopy } from './database-copy.ts'
import { readHousehold } from './household.ts'
import type { RecoveryKey } from './recovery-key.ts'
import { openPiece, PieceDamaged } from './sealed-piece.ts'
import { type Manifest, type Piece, piecesOf } from './snapshot-manifest.ts'
import type { Generation } from './snapshot-target.ts'
import { faultOfPiece } from './store-piece.ts'

const width = { disk: 2, s3: 6 }

export type Drilled = {
  pieces: number
  /** In words, each naming its piece; none = green. */
  faults: string[]
  /** Ids of damaged pieces. */
  damaged: string[]
}

/**
 * Look after the newest snapshot without the recovery key, which the server does not have: are its pieces there, and
 * are they, byte for byte, what was written?
 *
 * @param depth  `listed` compares sizes in the target's listing (the run has just read the new ones back); `stored`
 *   reads every piece
 * @throws store.unavailable
 */
export async function drillStored(
  generation: Generation,
  manifest: Manifest,
  depth: 'listed' | 'stored',
): Promise<Drilled> {
  const sizes = new Map<string, number>()
  for await (const { id, size } of generation.pieces.list()) sizes.set(id, size)
  const result: Drilled = { pieces: 0, faults: [], damaged: [] }
  await eachAtOnce(piecesOf(manifest), width[generation.pieces.kind], async (piece) => {
    result.pieces += 1
    const there = sizes.get(piece.id)
    let fault: string | null = there === undefined ? 'missing' : there === piece.size ? null : 'size'
    if (!fault && depth === 'stored') fault = await faultOfPiece(generation.pieces, piece)
    if (!fault) return
    result.damaged.push(piece.id)
    result.faults.push(faultInWords(manifest, piece, fault))
  })
  return result
}

/**
 * The whole drill, with the recovery key: open every piece in a scratch folder as a restore would, check the database
 * and compare every object with what the database says of it. Writes nothing anywhere else.
 *
 * @throws store.unavailable
 */
export async function drillOpened(generation: Generation, manifest: Manifest, key: RecoveryKey): Promise<Drilled> {
  const scratch = await mkdtemp(join(tmpdir(), 'hearthkeep-drill-'))
  const result: Drilled = { pieces: 0, faults: [], damaged: [] }
  try {
    const database = join(scratch, 'database.sqlite')
    await attempt(manifest, manifest.database, result, (plain) => writeChunks(database, plain))
    const expected = new Map<string, { size: number; sha256: string }>()
    await attempt(manifest, manifest.household, result, async (plain) => {
      for (const [id, size, sha256] of (await readHousehold(plain)).objects) expected.set(id, { size, sha256 })
    })
    await eachAtOnce(manifest.objects, width[generation.pieces.kind], (piece) =>
      attempt(manifest, piece, result, async (plain) => {
        const { size, sha256 } = await summed(plain)
        const object = expected.get(piece.id)
        if (object && (object.size !== size || object.sha256 !== sha256))
          throw new PieceDamaged(piece.id, 'it holds another object than the database names')
      }),
    )
    if (!result.damaged.includes(manifest.database.id))
      result.faults.push(...(await faultsOfCopy(database, new Set(manifest.objects.map(({ id }) => id)))))
    return result
  } finally {
    await rm(scratch, { recursive: true, force: true })
  }

  async function attempt(
    of: Manifest,
    piece: Piece,
    into: Drilled,
    work: (plain: Chunks) => Promise<void>,
  ): Promise<void> {
    into.pieces += 1
    const reader = await generation.pieces.open(piece.id)
    try {
      if (!reader) throw new PieceDamaged(piece.id, 'it is missing')
      await work(openPiece(piece.id, key, reader.chunks))
    } catch (error) {
      if (!(error instanceof PieceDamaged)) throw error
      into.damaged.push(piece.id)
      into.faults.push(`${roleOf(of, piece)}: ${error.message}`)
    } finally {
      await reader?.close()
    }
  }
}

function faultInWords(manifest: Manifest, piece: Piece, fault: string): string {
  const words: Record<string, string> = {
    missing: 'is missing',
    size: 'has another size than it was written with',
    hash: 'holds other bytes than were written',
  }
  return `${roleOf(manifest, piece)}: the piece ${piece.id} ${words[fault] ?? fault}`
}

function roleOf({ database, household }: Manifest, { id }: Piece): string {
  if (id === database.id) return 'database'
  return id === household.id ? 'keys' : 'object'
}

export async function summed(plain: Chunks): Promise<{ size: number; sha256: string }> {
  const hash = createHash('sha256')
  let size = 0
  for await (const chunk of plain) {
    hash.update(chunk)
    size += chunk.length
  }
  return { size, sha256: hash.digest('hex') }
}

/** Write a file of this process's own, synced. */
export async function writeChunks(path: string, plain: Chunks): Promise<void> {
  await using file = await open(path, 'w', 0o600)
  for await (const chunk of plain) await file.write(chunk)
  await file.sync()
}
