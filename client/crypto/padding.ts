import { MalformedSealedBackup } from './errors.ts'

/** How the plaintext is lengthened before it is encrypted; the value is the byte in the header. */
export const paddings = { none: 0, buckets: 1 } as const
export type Padding = keyof typeof paddings

const smallestBucket = 1024
const largestDoubling = 64 * 1024
const lengthPrefix = 4

/** Sealed sizes the `buckets` padding produces: 1, 2, 4, … 64 KiB, then every 64 KiB. */
export function bucketFor(size: number): number {
  let bucket = smallestBucket
  while (bucket < size && bucket < largestDoubling) bucket *= 2
  return bucket >= size ? bucket : Math.ceil(size / largestDoubling) * largestDoubling
}

/**
 * Lengthen the plaintext so that the size of the sealed backup tells a bucket, not the number of contacts:
 * length (4 bytes, big-endian) ‖ plaintext ‖ zeros.
 *
 * @param overhead  bytes the sealed backup has besides the padded plaintext; the sum is what hits the bucket, so that
 *   2 MiB, the default limit of a slot, stays reachable
 */
export function pad(plaintext: Uint8Array, overhead: number): Uint8Array<ArrayBuffer> {
  const padded = new Uint8Array(bucketFor(overhead + lengthPrefix + plaintext.byteLength) - overhead)
  new DataView(padded.buffer).setUint32(0, plaintext.byteLength)
  padded.set(plaintext, lengthPrefix)
  return padded
}

/** @throws MalformedSealedBackup when the length or the zeros are not what `pad` writes */
export function unpad(padded: Uint8Array<ArrayBuffer>): Uint8Array<ArrayBuffer> {
  const malformed = new MalformedSealedBackup('The sealed backup has broken padding')
  if (padded.byteLength < lengthPrefix) throw malformed
  const length = new DataView(padded.buffer, padded.byteOffset).getUint32(0)
  if (length > padded.byteLength - lengthPrefix) throw malformed
  if (padded.subarray(lengthPrefix + length).some((byte) => byte !== 0)) throw malformed
  return padded.slice(lengthPrefix, lengthPrefix + length)
}
