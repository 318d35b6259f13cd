import { contentOf, isPlain } from '#server/http/inflate.ts'
import { peek } from '#server/kit/peek.ts'
import { Problem } from '#server/kit/problem.ts'
import type { Upload } from './put-persona.ts'

/**
 * A persona on its way in, with or without `Content-Length`, compressed for the way or not. The checks come in the
 * contract's order, content before media type (personas §3); `putPersona` goes on with the size.
 *
 * @param limit  bytes after inflating
 * @returns to be disposed of, whether it was read to its end or not
 * @throws input.invalid in the contract's words, body.encoding
 */
export async function readUpload(request: Request, limit: number): Promise<Upload & AsyncDisposable> {
  const { headers } = request
  const announced = announcedLength(headers)
  const content = announced === 0 ? null : await peek(contentOf(request, limit))
  if (!content) throw missing('Missing required content')
  const contentType = headers.get('content-type')
  if (!contentType) {
    await content.close()
    throw missing('Missing required header: content-type')
  }
  return {
    contentType,
    length: isPlain(headers) ? announced : null,
    chunks: content.all,
    signal: request.signal,
    [Symbol.asyncDispose]: () => content.close(),
  }
}

function announcedLength(headers: Headers): number | null {
  const text = headers.get('content-length')
  return text !== null && /^\d{1,15}$/.test(text) ? Number(text) : null
}

function missing(message: string): Problem {
  return new Problem('input.invalid', { message })
}
