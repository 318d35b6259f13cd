type Chunks = AsyncIterable<Uint8Array>

export type Peeked = {
  /** Not empty. */
  first: Uint8Array
  /** The whole stream, the first chunk included; once. */
  all: Chunks
  /** Release the source without reading on; safe at any time. */
  close(): Promise<void>
}

/** Look at the first bytes of a stream without losing them; null when it has none. */
export async function peek(source: Chunks): Promise<Peeked | null> {
  const iterator = source[Symbol.asyncIterator]()
  for (;;) {
    const { done, value } = await iterator.next()
    if (done) return null
    if (value.length > 0)
      return {
        first: value,
        all: resume(value, iterator),
        async close() {
          await iterator.return?.()
        },
      }
  }
}

async function* resume(first: Uint8Array, rest: AsyncIterator<Uint8Array>): Chunks {
  yield first
  yield* { [Symbol.asyncIterator]: () => rest }
}
