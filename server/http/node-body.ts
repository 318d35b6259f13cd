import type { IncomingMessage } from 'node:http'
import type { Chunks } from '#server/blobs/blob-store.ts'
import { Problem } from '#server/kit/problem.ts'

const behind = new WeakMap<Request, IncomingMessage>()

/** Remember Node's own stream behind a Web request: reading it directly costs half of what a Web stream does. */
export function noteNodeBody(request: Request, incoming: IncomingMessage): void {
  behind.set(request, incoming)
}

export function nodeBodyOf(request: Request): IncomingMessage | null {
  return behind.get(request) ?? null
}

/**
 * A body from Node's stream. When its reader stops half-way, what the client still sends is let run out, so that the
 * answer arrives and the connection is good for more; the adapter ends clients that send on for too long.
 *
 * @param idle  milliseconds without a byte that end it
 * @param deadline  on `performance.now()`'s scale
 * @throws body.timeout, body.incomplete
 */
export async function* readNodeBody(incoming: IncomingMessage, idle: number, deadline: number): Chunks {
  const iterator = incoming.iterator({ destroyOnReturn: false }) as AsyncIterator<Uint8Array>
  const watch = watchTime(idle, deadline)
  try {
    for (;;) {
      const { done, value } = await Promise.race([iterator.next().catch(goneAway), watch.expired])
      if (done) return
      yield value
      watch.refresh()
    }
  } finally {
    watch.stop()
    // Until the iterator lets go of it, the stream waits to be read and does not run out by itself.
    void iterator.return?.().catch(() => {})
    if (!incoming.readableEnded && !incoming.destroyed) incoming.resume()
  }
}

function goneAway(cause: unknown): never {
  throw new Problem('body.incomplete', { cause })
}

function watchTime(idle: number, deadline: number) {
  let expire: (reason: unknown) => void = () => {}
  const expired = new Promise<never>((_, reject) => {
    expire = reject
  })
  expired.catch(() => {})
  const end = () => expire(new Problem('body.timeout'))
  const quiet = setTimeout(end, idle)
  const whole = setTimeout(end, Math.max(0, deadline - performance.now()))
  return {
    expired,
    refresh: () => quiet.refresh(),
    stop() {
      clearTimeout(quiet)
      clearTimeout(whole)
    },
  }
}
