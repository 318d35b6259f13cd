import type { Chunks } from '#server/blobs/blob-store.ts'
import { Problem } from '#server/kit/problem.ts'
import { nodeBodyOf, readNodeBody } from './node-body.ts'

/** No byte for this long ends an upload. */
const idleMilliseconds = 60_000
/** Slower than this over the whole body ends it too, so that a dripping client cannot hold a slot. */
const slowestBytesPerSecond = 32 * 1024
/** What is still taken of a refused body, and how long the next of its bytes are waited for. */
const mostDiscarded = 64 * 1024 * 1024
const discardMilliseconds = 2_000

/**
 * The announced length of a body.
 *
 * @throws body.length_required when there is none (a chunked body)
 */
export function announcedLength(headers: Headers): number {
  const text = headers.get('content-length')
  if (text === null || !/^\d{1,15}$/.test(text)) throw new Problem('body.length_required')
  return Number(text)
}

/**
 * The body as it arrives, with the time it may take bounded.
 *
 * @param expected  bytes that may come, for the time allowed: 60 s, or longer for what cannot arrive in that
 * @throws body.timeout, body.incomplete when the client goes away
 */
export async function* arriving(request: Request, expected: number): Chunks {
  const deadline = performance.now() + Math.max(idleMilliseconds, (expected / slowestBytesPerSecond) * 1000)
  const node = nodeBodyOf(request)
  if (node) return yield* readNodeBody(node, idleMilliseconds, deadline)
  if (!request.body) return
  const reader = request.body.getReader()
  let open = true
  try {
    for (;;) {
      const patience = Math.min(idleMilliseconds, deadline - performance.now())
      const { done, value } = await within(patience, reader).catch((error) => {
        open = false
        throw error
      })
      if (done) {
        open = false
        break
      }
      yield value
    }
  } finally {
    if (open) void discard(reader)
    else reader.cancel().catch(() => {})
  }
}

/**
 * Take what a client still sends after its body was refused half-way: a connection closed under it would lose the
 * answer that says why (RFC 9112 §9.6), and one left standing would never be good for another request.
 */
async function discard(reader: Reader): Promise<void> {
  let size = 0
  try {
    while (size < mostDiscarded) {
      const { done, value } = await within(discardMilliseconds, reader)
      if (done) return
      size += value.length
    }
  } catch {
    // It went away, or takes too long.
  }
  reader.cancel().catch(() => {})
}

type Reader = ReadableStreamDefaultReader<Uint8Array>

function within(milliseconds: number, reader: Reader): ReturnType<Reader['read']> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new Problem('body.timeout')), Math.max(0, milliseconds))
    reader.read().then(
      (read) => {
        clearTimeout(timer)
        resolve(read)
      },
      (cause) => {
        clearTimeout(timer)
        reject(new Problem('body.incomplete', { cause }))
      },
    )
  })
}

/** A small body whole, cut off at the limit. @throws body.too_large, body.timeout, body.incomplete */
export async function readSmallBody(request: Request, limit: number): Promise<Buffer> {
  const announced = request.headers.get('content-length')
  if (announced !== null && Number(announced) > limit) throw new Problem('body.too_large')
  const parts: Uint8Array[] = []
  let size = 0
  for await (const chunk of arriving(request, limit)) {
    size += chunk.length
    if (size > limit) throw new Problem('body.too_large')
    parts.push(chunk)
  }
  return Buffer.concat(parts)
}
