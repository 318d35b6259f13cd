import { createHash } from 'node:crypto'
import { crc32 } from 'node:zlib'
import type { BlobReader, Chunks } from '#server/blobs/blob-store.ts'
import { chunkPassed } from '#server/kit/chunk-garbage.ts'

/** `crc32`: null when only the SHA-256 will do. */
type Expected = { size: number; sha256: string; crc32: number | null }

/** The whole object in memory, or null when it is not the one that was stored. */
export async function readWhole(reader: BlobReader, expected: Expected): Promise<Buffer | null> {
  const parts: Uint8Array[] = []
  try {
    for await (const chunk of reader.chunks) parts.push(chunk)
  } finally {
    await reader.close()
  }
  const bytes = parts.length === 1 && Buffer.isBuffer(parts[0]) ? parts[0] : Buffer.concat(parts)
  const hash = createHash('sha256').update(bytes).digest('hex')
  return bytes.length === expected.size && hash === expected.sha256 ? bytes : null
}

/** Read an object to its end, kept nowhere. @returns why it is not the one that was stored; null if it is */
export async function faultOf(
  reader: BlobReader | null,
  expected: Pick<Expected, 'size' | 'sha256'>,
): Promise<'missing' | 'size' | 'hash' | null> {
  if (!reader) return 'missing'
  try {
    if (reader.size !== expected.size) return 'size'
    const hash = createHash('sha256')
    for await (const chunk of reader.chunks) {
      hash.update(chunk)
      chunkPassed(chunk.length)
    }
    return hash.digest('hex') === expected.sha256 ? null : 'hash'
  } finally {
    await reader.close()
  }
}

/**
 * Pass the bytes on while summing them up. The last chunk goes out only when the sum agrees; if it does not, the
 * iteration throws, so that the connection is cut short and no client takes the bytes for whole.
 */
export async function* verifyWhileReading(
  reader: BlobReader,
  expected: Expected,
  { onMismatch, onMatch }: { onMismatch(): Promise<Error>; onMatch(): Promise<void> },
): Chunks {
  const sum = checksum(expected)
  let held: Uint8Array | null = null
  try {
    for await (const chunk of reader.chunks) {
      if (held) yield held
      sum.update(chunk)
      chunkPassed(chunk.length)
      held = chunk
    }
    if (!sum.agrees()) throw await onMismatch()
    await onMatch()
    if (held) yield held
  } finally {
    await reader.close()
  }
}

/** The sum of bytes as they come: CRC-32 where it is known, an eighth of the work of SHA-256. */
function checksum(expected: Expected): { update(chunk: Uint8Array): void; agrees(): boolean } {
  if (expected.crc32 === null) {
    const hash = createHash('sha256')
    return { update: (chunk) => hash.update(chunk), agrees: () => hash.digest('hex') === expected.sha256 }
  }
  let sum = 0
  return {
    update(chunk) {
      sum = crc32(chunk, sum)
    },
    agrees: () => sum === expected.crc32,
  }
}
