import { createHash } from 'node:crypto'
import { crc32 } from 'node:zlib'
import type { Chunks } from '#server/blobs/blob-store.ts'
import { chunkPassed } from '#server/kit/chunk-garbage.ts'
import { Problem } from '#server/kit/problem.ts'

/** Counts and hashes what passes through, and stops at the limit rather than after it. */
export class Meter implements AsyncIterable<Uint8Array> {
  size = 0
  crc32 = 0
  readonly #hash = createHash('sha256')
  readonly #source: Chunks
  readonly #max: number

  constructor(source: Chunks, max: number) {
    this.#source = source
    this.#max = max
  }

  async *[Symbol.asyncIterator](): AsyncIterator<Uint8Array> {
    for await (const chunk of this.#source) {
      this.size += chunk.length
      if (this.size > this.#max) throw new Problem('body.too_large')
      this.#hash.update(chunk)
      this.crc32 = crc32(chunk, this.crc32)
      chunkPassed(chunk.length)
      yield chunk
    }
  }

  digest(): string {
    return this.#hash.digest('hex')
  }
}
