import { createHash } from 'node:crypto'
import type { BlobStore, Chunks } from '#server/blobs/blob-store.ts'
import { chunkPassed } from '#server/kit/chunk-garbage.ts'
import { reasonOf } from '#server/kit/reason-of.ts'
import { quarantineObject } from '#server/vault/quarantine.ts'
import { type BlobRow, readBlob } from '#server/vault/store.ts'
import { faultOf } from '#server/vault/verified-read.ts'
import type { MoveFault } from './moved-objects.ts'
import type { KeepingNeeds } from './needs.ts'

/** The new place does not give back what was written to it. */
export class CopyDiffers extends Error {
  constructor(id: string) {
    super(`The new place gave back other bytes than were written to it (object ${id})`)
    this.name = 'CopyDiffers'
  }
}

/** One of the two places failed, and which. */
export class PlaceFailed extends Error {
  readonly side: 'from' | 'to'

  constructor(side: 'from' | 'to', cause: unknown) {
    super(reasonOf(cause), { cause })
    this.name = 'PlaceFailed'
    this.side = side
  }
}

const mostAttempts = 3

type Needs = Pick<KeepingNeeds, 'db' | 'clock' | 'ids' | 'log'>
type Sides = { from: BlobStore; to: BlobStore; signal: AbortSignal }

/**
 * Make sure that an object is in the new place as it is in the old one, by reading it back from there. A damaged object
 * goes as it is, into quarantine: half of something may be worth a lot to somebody.
 *
 * @returns why the copy is not whole; null when it is, or when the reaper has taken the object meanwhile
 * @throws PlaceFailed, CopyDiffers
 */
export async function moveObject(ctx: Needs, row: BlobRow, { from, to, signal }: Sides): Promise<MoveFault | null> {
  const isGone = () => ['reaping', undefined].includes(readBlob(ctx.db.read, row.id)?.state)
  if (isGone()) return null
  const fault = await copyAgainAndAgain(ctx, row, { from, to, signal })
  // The reaper deletes in both places, but may have been here before the copy was.
  if (isGone()) await at('to', () => to.delete(row.id))
  return fault
}

/** One object that a sound store cannot read to its end must not hold up all others for ever. */
async function copyAgainAndAgain(ctx: Needs, row: BlobRow, sides: Sides): Promise<MoveFault | null> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await copy(ctx, row, sides)
    } catch (error) {
      if (!(error instanceof PlaceFailed) || error.side === 'to' || sides.signal.aborted) throw error
      await at('from', () => sides.from.probe())
      if (attempt < mostAttempts) continue
      ctx.log.error({ blob: row.id, error }, 'an object cannot be read although the store is well')
      await quarantineObject(ctx, row, 'unreadable')
      return 'unreadable'
    }
  }
}

async function copy(ctx: Needs, row: BlobRow, { from, to, signal }: Sides): Promise<MoveFault | null> {
  const there = await at('to', () => to.stat(row.id))
  if (there) {
    const wrong = await at('to', async () => faultOf(await to.open(row.id), row))
    if (!wrong) return null
  }
  const reader = await at('from', () => from.open(row.id))
  if (!reader) {
    await quarantineObject(ctx, row, 'missing')
    return 'missing'
  }
  if (there) await at('to', () => to.delete(row.id))
  const hash = createHash('sha256')
  let size = 0
  async function* summed(chunks: Chunks): Chunks {
    try {
      for await (const chunk of chunks) {
        hash.update(chunk)
        size += chunk.length
        chunkPassed(chunk.length)
        yield chunk
      }
    } catch (error) {
      throw new PlaceFailed('from', error)
    }
  }
  try {
    await at('to', () => to.put(row.id, summed(reader.chunks), { length: row.size, signal }))
  } finally {
    await reader.close()
  }
  const sent = { size, sha256: hash.digest('hex') }
  const differs = await at('to', async () => faultOf(await to.open(row.id), sent))
  if (differs) {
    await at('to', () => to.delete(row.id))
    throw new CopyDiffers(row.id)
  }
  if (sent.size === row.size && sent.sha256 === row.sha256) return null
  await quarantineObject(ctx, row, sent.size === row.size ? 'hash' : 'size')
  return 'damaged'
}

async function at<T>(side: 'from' | 'to', work: () => Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (error) {
    throw error instanceof PlaceFailed ? error : new PlaceFailed(side, error)
  }
}
