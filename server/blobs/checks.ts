import { Problem } from '#server/kit/problem.ts'
import type { ByteRange } from './blob-store.ts'

const blobId = /^[0-9a-f-]{8,64}$/

/** Whether a file name or key end is one of our ids: 8 to 64 lower-case hex digits and dashes. */
export function isBlobId(name: string): boolean {
  return blobId.test(name)
}

/**
 * Ids become paths and keys, so nothing but an id may pass.
 *
 * @throws server.failed: a foreign id is a mistake of ours, never of the client
 */
export function requireBlobId(id: string): void {
  if (typeof id !== 'string' || !isBlobId(id)) throw new Problem('server.failed', { cause: new Error('not a blob id') })
}

/**
 * Objects are written once, so a second put under one id is a mistake of ours; the first object stays as it was.
 */
export function alreadyStored(id: string): Problem {
  return new Problem('server.failed', { cause: new Error(`an object ${id} exists already`) })
}

/**
 * @param size  of the whole object in bytes
 * @returns where to start and how many bytes to give; the whole object without a range
 * @throws server.failed for a range that is not inside the object
 */
export function spanOf(size: number, range: ByteRange | undefined): { start: number; length: number } {
  if (!range) return { start: 0, length: size }
  const { start, end } = range
  const inside = Number.isSafeInteger(start) && Number.isSafeInteger(end) && start >= 0 && start <= end && end < size
  if (!inside) throw outsideObject(range, size)
  return { start, length: end - start + 1 }
}

export function outsideObject(range: ByteRange, size?: number): Problem {
  const cause = new RangeError(
    `bytes ${range.start} to ${range.end} are not inside an object of ${size ?? 'fewer'} bytes`,
  )
  return new Problem('server.failed', { cause })
}
