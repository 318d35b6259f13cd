import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { createGunzip, createInflate, createInflateRaw } from 'node:zlib'
import type { Chunks } from '#server/blobs/blob-store.ts'
import { peek } from '#server/kit/peek.ts'
import { isProblem, Problem } from '#server/kit/problem.ts'
import { arriving } from './body.ts'

const chunkSize = 64 * 1024

/**
 * The body as its media type describes it: `Content-Encoding: gzip` and `deflate` are undone while it streams, one
 * chunk at a time, so a bomb costs no more than what its reader takes (personas §1).
 *
 * @param limit  bytes the reader will take, for the time allowed and for what may arrive compressed; the reader counts
 * @throws body.encoding at once; while reading body.malformed, body.too_large, and what `arriving` throws
 */
export function contentOf(request: Request, limit: number): Chunks {
  const encoding = encodingOf(request.headers)
  const raw = arriving(request, limit)
  return encoding === 'identity' ? raw : inflate(atMost(raw, compressedLimit(limit)), encoding)
}

/**
 * A small body whole, inflated, cut off at the limit.
 *
 * @param limit  bytes after inflating
 * @throws body.too_large, body.malformed, body.encoding, body.timeout, body.incomplete
 */
export async function readSmallContent(request: Request, limit: number): Promise<Buffer> {
  const announced = request.headers.get('content-length')
  if (announced !== null && isPlain(request.headers) && Number(announced) > limit) throw new Problem('body.too_large')
  const parts: Uint8Array[] = []
  let size = 0
  for await (const chunk of contentOf(request, limit)) {
    size += chunk.length
    if (size > limit) throw new Problem('body.too_large')
    parts.push(chunk)
  }
  return Buffer.concat(parts)
}

/** Whether `Content-Length` counts the content itself. @throws body.encoding */
export function isPlain(headers: Headers): boolean {
  return encodingOf(headers) === 'identity'
}

type Encoding = 'identity' | 'gzip' | 'deflate'

function encodingOf(headers: Headers): Encoding {
  const given = headers.get('content-encoding')?.trim().toLowerCase() || 'identity'
  // RFC 9110 §8.4.1.3: the two names mean the same.
  if (given === 'gzip' || given === 'x-gzip') return 'gzip'
  if (given === 'deflate' || given === 'identity') return given
  throw new Problem('body.encoding', { headers: { 'Accept-Encoding': 'gzip, deflate' } })
}

/** What does not compress grows a little; anything beyond that is a body of empty blocks without end. */
function compressedLimit(limit: number): number {
  return limit + Math.ceil(limit / 1000) + 1024
}

async function* atMost(source: Chunks, limit: number): Chunks {
  let size = 0
  for await (const chunk of source) {
    size += chunk.length
    if (size > limit) throw new Problem('body.too_large')
    yield chunk
  }
}

async function* inflate(source: Chunks, encoding: 'gzip' | 'deflate'): Chunks {
  const peeked = await peek(source)
  if (!peeked) return
  const inflater = encoding === 'gzip' ? createGunzip({ chunkSize }) : inflaterFor(peeked.first)
  // Its failure is the inflater's, which the loop below meets.
  pipeline(Readable.from(peeked.all), inflater).catch(() => {})
  try {
    for await (const chunk of inflater) yield chunk
  } catch (cause) {
    throw isProblem(cause) ? cause : new Problem('body.malformed', { cause })
  }
}

/** RFC 9110 §8.4.1.2: `deflate` has a zlib header, but some clients send it bare. */
function inflaterFor(start: Uint8Array) {
  const hasHeader = ((start[0] ?? 0) & 0x0f) === 8
  return hasHeader ? createInflate({ chunkSize }) : createInflateRaw({ chunkSize })
}
