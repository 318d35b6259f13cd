import type { Chunks } from '#server/blobs/blob-store.ts'

type HeaderValues = Record<string, string>

export function json(status: number, value: unknown, headers: HeaderValues = {}): Response {
  const body = JSON.stringify(value)
  return new Response(body, {
    status,
    headers: { 'Content-Type': 'application/json', 'Cache-Control': 'no-store', ...withLength(body), ...headers },
  })
}

export function text(status: number, body: string, headers: HeaderValues = {}): Response {
  return new Response(body, {
    status,
    headers: { 'Content-Type': 'text/plain; charset=utf-8', ...withLength(body), ...headers },
  })
}

export function empty(status: number, headers: HeaderValues = {}): Response {
  const bodyless = status === 204 || status === 304
  return new Response(null, { status, headers: { ...(bodyless ? {} : { 'Content-Length': '0' }), ...headers } })
}

/**
 * A streamed answer; `chunks` is closed when the client goes away.
 *
 * @param patience  milliseconds a client may take to read one chunk before the connection is cut; without end if not given
 */
export function bytes(status: number, chunks: Chunks, headers: HeaderValues, patience?: number): Response {
  const response = new Response(toStream(chunks, patience), { status, headers })
  if (patience === undefined) behind.set(response, chunks)
  return response
}

const behind = new WeakMap<Response, Chunks>()

/** The chunks behind an answer made by `bytes` without patience: whoever takes them leaves `response.body` alone. */
export function chunksBehind(response: Response): Chunks | null {
  return behind.get(response) ?? null
}

function withLength(body: string): HeaderValues {
  return { 'Content-Length': String(Buffer.byteLength(body)) }
}

/** One chunk a pull, so that a slow reader holds one chunk in memory. */
function toStream(chunks: Chunks, patience?: number): ReadableStream<Uint8Array> {
  const iterator = chunks[Symbol.asyncIterator]()
  let stalled: NodeJS.Timeout | undefined
  return new ReadableStream<Uint8Array>(
    {
      async pull(controller) {
        clearTimeout(stalled)
        const { done, value } = await iterator.next()
        if (done) return controller.close()
        controller.enqueue(value)
        if (patience !== undefined) stalled = setTimeout(() => giveUp(controller), patience)
      },
      async cancel() {
        clearTimeout(stalled)
        await iterator.return?.()
      },
    },
    { highWaterMark: 0 },
  )

  /** The adapter destroys the connection of a stream that fails, so that nobody takes half of it for the whole. */
  function giveUp(controller: ReadableStreamDefaultController): void {
    controller.error(new Error('The client stopped reading'))
    Promise.resolve(iterator.return?.()).catch(() => {})
  }
}
