import { randomBytes } from 'node:crypto'
import type { BlobStore } from '#server/blobs/blob-store.ts'
import { openPlace } from '#server/blobs/open-place.ts'
import { nameOfPlace, type Place } from '#server/blobs/place.ts'
import { readBlob } from '#server/vault/store.ts'
import type { MoveNeeds } from './move-storage.ts'

/** What was removed, and what was left because the server's own place does not have it whole. */
export type Cleared = { removed: number; left: number }

/**
 * Remove the copies of objects from a place that the server does not use (any more). Each is removed only when the
 * place in use has it, in its size; what nobody knows goes when it is not older than `since`.
 *
 * @param since  milliseconds; older objects without a row were there before this server was
 * @throws store.unavailable; Error when it is the place in use after all
 */
export async function clearPlace(
  ctx: Pick<MoveNeeds, 'blobs' | 'config' | 'db' | 'ids' | 'log'>,
  { place, since, signal }: { place: Place; since: number; signal: AbortSignal },
): Promise<Cleared> {
  const cleared: Cleared = { removed: 0, left: 0 }
  if (nameOfPlace(place) === nameOfPlace(ctx.blobs.place)) return cleared
  const { store } = await openPlace(place, ctx.config.dataFolder, { make: false })
  try {
    if (await isSamePlace(ctx, ctx.blobs.first.store, store))
      throw new Error('The old copies are in the very place in use, under another address; nothing was removed')
    for await (const { id, size, modifiedAt } of store.list()) {
      if (signal.aborted) return cleared
      const row = readBlob(ctx.db.read, id)
      const isKeptElsewhere = row ? (await ctx.blobs.stat(id))?.size === size : modifiedAt.getTime() >= since
      if (isKeptElsewhere) {
        await store.delete(id)
        cleared.removed += 1
      } else {
        ctx.log.warn({ blob: id, place: nameOfPlace(place) }, 'an old copy was left: nothing else has it')
        cleared.left += 1
      }
    }
    return cleared
  } finally {
    await store.close()
  }
}

/** Whether two stores are one and the same under two addresses: what is written to one is found in the other. */
export async function isSamePlace({ ids }: Pick<MoveNeeds, 'ids'>, one: BlobStore, other: BlobStore): Promise<boolean> {
  const id = ids.randomUuid()
  await one.put(id, once(randomBytes(64)))
  try {
    return (await other.stat(id)) !== null
  } finally {
    await one.delete(id)
  }
}

async function* once(bytes: Uint8Array): AsyncIterable<Uint8Array> {
  yield bytes
}
