import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { Busboy, type BusboyFileStream, type BusboyInstance } from '@fastify/busboy'
import type { Chunks } from '#server/blobs/blob-store.ts'
import { contentOf, isPlain } from '#server/http/inflate.ts'
import { isProblem, Problem, type ProblemCode } from '#server/kit/problem.ts'

const mostParts = 100
/** A body that is not what it says: the parser could say no more of it. */
const broken: ReadonlySet<ProblemCode> = new Set(['body.incomplete', 'body.malformed', 'body.too_large'])

/**
 * Hand each part of a multipart/form-data body over as it arrives, one after the other.
 *
 * @param limit  bytes of the whole body
 * @param take  what it leaves of its part is passed over
 * @throws factors.multipart_error, factors.content_too_large (factor-backup §1.2, §4.3), what `take` throws
 */
export async function readParts(
  request: Request,
  limit: number,
  take: (name: string, part: BusboyFileStream) => Promise<void>,
): Promise<void> {
  const announced = request.headers.get('content-length')
  if (announced !== null && isPlain(request.headers) && Number(announced) > limit)
    throw new Problem('factors.content_too_large', { message: `Request body of ${announced} bytes is too large.` })

  const parser = openParser(request.headers)
  const open = new Set<BusboyFileStream>()
  // One at a time, so that of two parts of one name the second wins.
  let taken = Promise.resolve()
  parser.on('file', (name, part) => {
    open.add(part)
    part.on('error', () => {}).on('close', () => open.delete(part))
    taken = taken.then(() => take(name, part)).finally(() => part.resume())
    taken.catch(() => {})
  })

  try {
    await pipeline(Readable.from(within(contentOf(request, limit), limit)), parser)
  } catch (cause) {
    for (const part of open) part.destroy(new Problem('body.incomplete'))
    await taken.catch(() => {})
    throw isProblem(cause) && !broken.has(cause.code) ? cause : new Problem('factors.multipart_error', { cause })
  }
  await taken
}

function openParser(headers: Headers): BusboyInstance {
  try {
    return new Busboy({
      headers: { 'content-type': headers.get('content-type') ?? '' },
      // Every part is a stream, whether it has a file name or not (factor-backup §4.3).
      isPartAFile: () => true,
      limits: { parts: mostParts, headerPairs: 50 },
    })
  } catch (cause) {
    throw new Problem('factors.multipart_error', {
      message: 'Invalid `boundary` for `multipart/form-data` request',
      cause,
    })
  }
}

async function* within(source: Chunks, limit: number): Chunks {
  let size = 0
  for await (const chunk of source) {
    size += chunk.length
    if (size > limit) throw new Problem('factors.multipart_error', { message: 'failed to read stream' })
    yield chunk
  }
}
