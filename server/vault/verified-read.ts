import { createHash } from 'node:crypto'
import type { BlobReader, Chunks } from '#server/blobs/blob-store.ts'
import { chunkPassed } from '#server/kit/chunk-garbage.ts'

type Expected = { size: number; sha256: string }

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

/**
 * Pass the bytes on while hashing them. The last chunk goes out only when the hash agrees; if it does not, the
 * iteration throws, so that the connection is cut short and no client takes the bytes for whole.
 */
export async function* verifyWhileReading(
  reader: BlobReader,
  expected: Expected,
  { onMismatch, onMatch }: { onMismatch(): Promise<Error>; onMatch(): Promise<void> },
): Chunks {
  const hash = createHash('sha256')
  let held: Uint8Array | null = null
  try {
    for await (const chunk of reader.chunks) {
      if (held) yield held
      hash.update(chunk)
      chunkPassed(chunk.length)
      held = chunk
    }
    if (hash.digest('hex') !== expected.sha256) throw await onMismatch()
    await onMatch()
    if (held) yield held
  } finally {
    await reader.close()
  }
}
