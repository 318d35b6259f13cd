import { Problem } from '#server/kit/problem.ts'
import { readSmallContent } from './inflate.ts'

const jsonType = /^application\/(?:[\w.+-]+\+)?json\s*(?:;|$)/i
const formType = /^application\/x-www-form-urlencoded\s*(?:;|$)/i

/** Named values of a body; whether they are strings is for the reader to check. */
export type Fields = Record<string, unknown>

/**
 * A small body of named values, as JSON or as a browser's form. Any other media type, and no body at all, has no
 * values, as the original has it (personas §1). A value given twice in a form becomes a list.
 *
 * @param limit  bytes after inflating
 * @throws body.too_large, body.malformed (also for JSON that is no object), body.media_type for another charset than
 *   UTF-8, body.encoding, body.timeout, body.incomplete
 */
export async function readFields(request: Request, limit: number): Promise<Fields> {
  const type = request.headers.get('content-type') ?? ''
  const isJson = jsonType.test(type)
  if (!isJson && !formType.test(type)) return {}
  requireUtf8(type)
  const body = await readText(request, limit)
  if (body === '') return {}
  return isJson ? fromJson(body) : fromForm(body)
}

/** @throws body.media_type for another charset than UTF-8 */
export function requireUtf8(type: string): void {
  const charset = /;\s*charset\s*=\s*"?([^\s;"]+)/i.exec(type)?.[1] ?? 'utf-8'
  if (!/^(?:utf-?8|us-ascii)$/i.test(charset))
    throw new Problem('body.media_type', { message: 'Unsupported charset, expected UTF-8' })
}

/**
 * A small text whole, inflated.
 *
 * @param limit  bytes after inflating
 * @throws body.too_large, body.malformed, body.encoding, body.timeout, body.incomplete
 */
export async function readText(request: Request, limit: number): Promise<string> {
  const bytes = await readSmallContent(request, limit)
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch {
    throw new Problem('body.malformed', { message: 'The request body is not valid UTF-8' })
  }
}

function fromJson(text: string): Fields {
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch {
    throw new Problem('body.malformed', { message: 'The request body is not valid JSON' })
  }
  if (typeof value !== 'object' || value === null)
    throw new Problem('body.malformed', { message: 'The request body is not a JSON object' })
  return value as Fields
}

function fromForm(text: string): Fields {
  const fields = new Map<string, unknown>()
  for (const [name, value] of new URLSearchParams(text))
    fields.set(name, fields.has(name) ? [fields.get(name), value].flat() : value)
  return Object.fromEntries(fields)
}
