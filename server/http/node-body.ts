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

/** Bytes that may wait to be read before the client is made to wait. */
const highWater = 256 * 1024

/**
 * A body from Node's stream. When its reader stops half-way, what the client still sends is let run out, so that the
 * answer arrives and the connection is good for more; the adapter ends clients that send on for too long.
 *
 * Chunks are taken as they come: the stream's own iterator would copy what has gathered into a new buffer each time.
 *
 * @param idle  milliseconds without a byte that end it
 * @param deadline  on `performance.now()`'s scale
 * @throws body.timeout, body.incomplete
 */
export async function* readNodeBody(incoming: IncomingMessage, idle: number, deadline: number): Chunks {
  const arrived = listen(incoming, idle, deadline)
  try {
    for (;;) {
      const chunk = await arrived.next()
      if (!chunk) return
      yield chunk
    }
  } finally {
    arrived.stop()
    if (!incoming.readableEnded && !incoming.destroyed) incoming.resume()
  }
}

function listen(incoming: IncomingMessage, idle: number, deadline: number) {
  const waiting: Uint8Array[] = []
  let size = 0
  let ended = incoming.readableEnded
  let failure: Problem | null = null
  let wake = () => {}

  const fail = (problem: Problem) => {
    failure ??= problem
    wake()
  }
  const onData = (chunk: Uint8Array) => {
    waiting.push(chunk)
    size += chunk.length
    if (size >= highWater) incoming.pause()
    quiet.refresh()
    wake()
  }
  const onEnd = () => {
    ended = true
    wake()
  }
  const onGone = (cause?: unknown) => {
    if (!ended) fail(new Problem('body.incomplete', { cause }))
  }
  const late = () => fail(new Problem('body.timeout'))
  const quiet = setTimeout(late, idle)
  const whole = setTimeout(late, Math.max(0, deadline - performance.now()))
  if (incoming.destroyed && !ended) onGone(incoming.errored)
  incoming.on('end', onEnd).on('error', onGone).on('close', onGone).on('data', onData)

  return {
    async next(): Promise<Uint8Array | null> {
      while (waiting.length === 0) {
        if (failure) throw failure
        if (ended) return null
        await new Promise<void>((resolve) => {
          wake = resolve
        })
      }
      const chunk = waiting.shift() as Uint8Array
      size -= chunk.length
      if (size < highWater && incoming.isPaused()) {
        // The client was made to wait for us: its time starts anew.
        quiet.refresh()
        incoming.resume()
      }
      return chunk
    },
    stop() {
      clearTimeout(quiet)
      clearTimeout(whole)
      incoming.off('data', onData).off('end', onEnd).off('close', onGone)
      // The listener for errors stays: an error that nobody listens for would end the process.
    },
  }
}
