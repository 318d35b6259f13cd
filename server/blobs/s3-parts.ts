const mebibyte = 1024 * 1024
const usualPart = 8 * mebibyte
const smallestBuffer = 64 * 1024

/** S3's limit. */
export const maxParts = 10_000

/**
 * Every part but the last has one size, because some endpoints (R2) insist on it. 8 MiB carries 78 GiB; parts grow
 * only for what is announced to be larger.
 *
 * @param length  announced bytes of the object, if known
 */
export function partSizeFor(length: number | undefined): number {
  return Math.max(usualPart, Math.ceil((length ?? 0) / maxParts / mebibyte) * mebibyte)
}

export type Part = { bytes: Buffer; last: boolean }

/**
 * Cut a stream into parts of exactly `size` bytes; the last may be shorter and is empty only for an empty stream.
 * Holds one part at a time, in a buffer that grows with what arrives, so a small object never costs a whole part.
 *
 * @param hint  announced bytes of the object; saves growing
 */
export async function* partsOf(
  chunks: AsyncIterable<Uint8Array>,
  size: number,
  hint = 0,
): AsyncGenerator<Part, void, void> {
  const fresh = () => Buffer.allocUnsafeSlow(Math.min(size, hint || smallestBuffer))
  let buffer: Buffer = fresh()
  let filled = 0
  for await (const chunk of chunks) {
    let rest = chunk
    while (rest.byteLength > 0) {
      if (filled === size) {
        yield { bytes: buffer, last: false }
        buffer = fresh()
        filled = 0
      }
      const taken = rest.subarray(0, size - filled)
      if (filled + taken.byteLength > buffer.byteLength) buffer = grown(buffer, filled, filled + taken.byteLength, size)
      buffer.set(taken, filled)
      filled += taken.byteLength
      rest = rest.subarray(taken.byteLength)
    }
  }
  yield { bytes: buffer.subarray(0, filled), last: true }
}

function grown(buffer: Buffer, filled: number, needed: number, size: number): Buffer {
  const larger = Buffer.allocUnsafeSlow(Math.min(size, Math.max(needed, buffer.byteLength * 2)))
  buffer.copy(larger, 0, 0, filled)
  return larger
}
