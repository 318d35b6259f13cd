import { Problem } from '#server/kit/problem.ts'
import { readSmallBody } from './body.ts'
import type { JsonBody } from './endpoint.ts'

const jsonType = /^application\/(?:[\w.+-]+\+)?json\s*(?:;|$)/i

/**
 * @throws body.media_type unless JSON is announced, body.malformed on bad syntax, input.invalid on a wrong shape,
 *   body.too_large
 */
export async function readJson<T>(request: Request, { json, limit }: JsonBody<T>): Promise<T> {
  if (!jsonType.test(request.headers.get('content-type') ?? ''))
    throw new Problem('body.media_type', { message: 'Expected request with `Content-Type: application/json`' })
  const read = json.safeParse(parse(await readSmallBody(request, limit)))
  if (read.success) return read.data
  const issue = read.error.issues[0]
  // A schema's own words are answered as they are; the library's are prefixed with where it was.
  const own = issue?.code === 'custom'
  throw new Problem(own ? 'input.invalid' : 'input.shape', {
    message: own ? issue.message : `${issue?.path.join('.') || 'body'}: ${issue?.message ?? 'invalid'}`,
  })
}

function parse(body: Buffer): unknown {
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(body))
  } catch {
    throw new Problem('body.malformed', { message: 'The request body is not valid JSON' })
  }
}
