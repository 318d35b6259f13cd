import { createHash } from 'node:crypto'

/** What an attestation token is bound to. */
export type HashedRequest = {
  /** `POST`. */
  method: string
  /** As it was requested, with `/v1` and without the query (regression §10.15). */
  path: string
  /** JSON text in UTF-8; empty = the request has none. */
  body: Buffer
}

/** As deep as the original's parser goes. */
const deepest = 128

/**
 * SHA-256 over method, path and body in canonical JSON, lower-case hex: the `jti` of an attestation token
 * (factor-backup §6). Numbers are written as JavaScript does, which differs from the original for `1.0` and beyond 2^53;
 * no request of this API holds such numbers (§11).
 *
 * @returns null when the body is no JSON, or nested deeper than 128 levels
 */
export function requestHash({ method, path, body }: HashedRequest): string | null {
  const members = [`"method":${JSON.stringify(method)}`, `"pathUri":${JSON.stringify(path)}`]
  if (body.length > 0) {
    const text = canonicalText(body)
    if (text === null) return null
    members.unshift(`"body":${text}`)
  }
  return createHash('sha256')
    .update(`{${members.join(',')}}`)
    .digest('hex')
}

function canonicalText(body: Buffer): string | null {
  try {
    return canonical(JSON.parse(body.toString('utf8')), 1)
  } catch (error) {
    if (error instanceof SyntaxError || error instanceof TooDeep) return null
    throw error
  }
}

class TooDeep extends Error {}

/** Written by hand, because JavaScript would put members that look like numbers first. */
function canonical(value: unknown, depth: number): string {
  if (typeof value !== 'object' || value === null) return JSON.stringify(value)
  if (depth > deepest) throw new TooDeep()
  if (Array.isArray(value)) return `[${value.map((item) => canonical(item, depth + 1)).join(',')}]`
  const members = Object.entries(value)
    .filter(([, member]) => member !== null)
    .sort(([a], [b]) => Buffer.compare(Buffer.from(a), Buffer.from(b)))
    .map(([name, member]) => `${JSON.stringify(name)}:${canonical(member, depth + 1)}`)
  return `{${members.join(',')}}`
}
