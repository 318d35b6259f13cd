import type { Chunks } from './blob-store.ts'

/**
 * Wraps what the source threw or why the caller aborted, so that a store can tell it from its own failures
 * and hand the reason on unchanged.
 */
export class SourceFailure extends Error {
  readonly reason: unknown

  constructor(reason: unknown) {
    super('the source of the object failed', { cause: reason })
    this.reason = reason
  }
}

/**
 * The chunks of `source`, given up as soon as `signal` aborts, even while the source keeps us waiting.
 * A consumer that leaves early ends the source too.
 *
 * @throws SourceFailure around the source's error or the signal's reason
 */
export async function* incoming(source: Chunks, signal?: AbortSignal): AsyncGenerator<Uint8Array, void, void> {
  const iterator = source[Symbol.asyncIterator]()
  let ended = false
  try {
    for (;;) {
      const step = await nextChunk(iterator, signal)
      if (step.done) {
        ended = true
        return
      }
      yield step.value
    }
  } finally {
    // Not awaited: a generator that is stuck in an await of its own answers return() only after it.
    if (!ended) Promise.resolve(iterator.return?.()).catch(() => {})
  }
}

async function nextChunk(iterator: AsyncIterator<Uint8Array>, signal: AbortSignal | undefined) {
  try {
    signal?.throwIfAborted()
    return await orAborted(iterator.next(), signal)
  } catch (error) {
    throw new SourceFailure(error)
  }
}

/** The work's outcome, or the signal's reason as soon as it aborts. */
export function orAborted<T>(work: Promise<T>, signal: AbortSignal | undefined): Promise<T> {
  if (!signal) return work
  return new Promise<T>((resolve, reject) => {
    const onAbort = () => reject(signal.reason)
    signal.addEventListener('abort', onAbort, { once: true })
    if (signal.aborted) onAbort()
    work.then(resolve, reject).finally(() => signal.removeEventListener('abort', onAbort))
  })
}
