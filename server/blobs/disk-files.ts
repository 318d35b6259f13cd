/** The file system calls under the disk store: durable folders, whole writes, bounded reads. */
import type { FileHandle } from 'node:fs/promises'
import { Problem } from '#server/kit/problem.ts'
import { SourceFailure } from './incoming.ts'

const batchBytes = 1024 * 1024
/** Most systems take 1024 buffers in one call. */
const batchChunks = 512
/** Larger reads were not faster, and each download that waits for its client holds one. */
const readBytes = 256 * 1024

/** What a caller of the store gets to see of any failure: the source's own error, store.full or store.unavailable. */
export function diskProblem(error: unknown): unknown {
  if (error instanceof SourceFailure) return error.reason
  if (error instanceof Problem) return error
  const full = errorCode(error) === 'ENOSPC' || errorCode(error) === 'EDQUOT'
  return new Problem(full ? 'store.full' : 'store.unavailable', { cause: error })
}

export function errorCode(error: unknown): string | undefined {
  return (error as NodeJS.ErrnoException | null)?.code
}

/**
 * Write all chunks at the file's position, about 1 MiB a system call: collecting them was measured faster than
 * one call a chunk or a stream pipeline (stack §3).
 *
 * @returns the number of bytes written
 */
export async function writeAll(file: FileHandle, chunks: AsyncIterable<Uint8Array>): Promise<number> {
  let size = 0
  let batch: Uint8Array[] = []
  let pending = 0
  // One batch is written while the next one arrives.
  let writing = Promise.resolve()
  try {
    for await (const chunk of chunks) {
      if (chunk.byteLength === 0) continue
      batch.push(chunk)
      pending += chunk.byteLength
      size += chunk.byteLength
      if (pending >= batchBytes || batch.length >= batchChunks) {
        await writing
        writing = writeBatch(file, batch)
        writing.catch(() => {})
        batch = []
        pending = 0
      }
    }
    await writing
    await writeBatch(file, batch)
    return size
  } finally {
    // The file is closed next, whatever happened; not under a write.
    await writing.catch(() => {})
  }
}

/** `writev` may stop short, as on a disk that fills up; the next call then says why. */
async function writeBatch(file: FileHandle, batch: Uint8Array[]): Promise<void> {
  let rest = batch
  while (rest.length > 0) {
    const { bytesWritten } = await file.writev(rest)
    if (bytesWritten === 0) throw new Error('the file system took no bytes')
    rest = after(rest, bytesWritten)
  }
}

function after(batch: Uint8Array[], bytes: number): Uint8Array[] {
  let skip = bytes
  for (const [index, chunk] of batch.entries()) {
    if (skip < chunk.byteLength) return [chunk.subarray(skip), ...batch.slice(index + 1)]
    skip -= chunk.byteLength
  }
  return []
}

/**
 * @param length  bytes to give, from `start`; the file was that long when it was opened
 * @throws store.unavailable when the file has become shorter or cannot be read
 */
export async function* readSpan(
  file: FileHandle,
  start: number,
  length: number,
): AsyncGenerator<Uint8Array, void, void> {
  let position = start
  const end = start + length
  while (position < end) {
    const chunk = Buffer.allocUnsafeSlow(Math.min(readBytes, end - position))
    const { bytesRead } = await file.read(chunk, 0, chunk.byteLength, position).catch((error) => {
      throw diskProblem(error)
    })
    if (bytesRead === 0) {
      throw new Problem('store.unavailable', {
        cause: new Error(`the file ends at byte ${position} instead of ${end}`),
      })
    }
    position += bytesRead
    yield bytesRead === chunk.byteLength ? chunk : chunk.subarray(0, bytesRead)
  }
}
