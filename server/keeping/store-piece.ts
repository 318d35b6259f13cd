import { createHash } from 'node:crypto'
import type { BlobStore, Chunks } from '#server/blobs/blob-store.ts'
import { chunkPassed } from '#server/kit/chunk-garbage.ts'
import { isProblem } from '#server/kit/problem.ts'
import { faultOf } from '#server/vault/verified-read.ts'
import { sealedSize, sealPiece } from './sealed-piece.ts'
import type { Piece } from './snapshot-manifest.ts'

/** The target did not take a piece, or did not give it back as it was. */
export class TargetFailed extends Error {
  constructor(message: string, cause?: unknown) {
    super(message, { cause })
    this.name = 'TargetFailed'
  }
}

type Wanted = {
  id: string
  publicKey: Buffer
  plain: Chunks
  /** Plain bytes, for the target to know whether there is room. */
  size: number
}

/**
 * Seal a piece into the target, in place of whatever is there under its id, and read it back: what was written must be
 * what is there.
 *
 * @throws TargetFailed; what reading `plain` threw
 */
export async function storePiece(pieces: BlobStore, wanted: Wanted): Promise<Piece> {
  const { id } = wanted
  const hash = createHash('sha256')
  const source: { failure: { error: unknown } | null } = { failure: null }
  async function* sealed(): Chunks {
    for await (const chunk of sealPiece(id, wanted.publicKey, watched(wanted.plain, source))) {
      hash.update(chunk)
      chunkPassed(chunk.length)
      yield chunk
    }
  }
  try {
    await pieces.delete(id)
    const size = await pieces.put(id, sealed(), { length: sealedSize(wanted.size) })
    const piece = { id, size, sha256: hash.digest('hex') }
    if ((await faultOfPiece(pieces, piece)) === null) return piece
  } catch (error) {
    if (source.failure) throw source.failure.error
    throw targetFailure(error)
  }
  await pieces.delete(id).catch(() => {})
  throw new TargetFailed('The snapshot target gave back other bytes than were written')
}

/** Why a stored piece is not the one that was written; null if it is. @throws store.unavailable */
export async function faultOfPiece(pieces: BlobStore, piece: Piece): Promise<'missing' | 'size' | 'hash' | null> {
  return faultOf(await pieces.open(piece.id), piece)
}

/** In words for the keeper; the cause goes to the log. */
export function targetFailure(error: unknown): Error {
  if (!isProblem(error)) return error instanceof Error ? error : new TargetFailed('The snapshot target failed')
  if (error.code === 'store.full') return new TargetFailed('The snapshot target is full', error.cause ?? error)
  return new TargetFailed('The snapshot target cannot be reached', error.cause ?? error)
}

async function* watched(plain: Chunks, source: { failure: { error: unknown } | null }): Chunks {
  try {
    yield* plain
  } catch (error) {
    source.failure = { error }
    throw error
  }
}
