import { Problem } from '#server/kit/problem.ts'
import type { CloudActor } from '#server/people/bearer.ts'

const largestVersion = 0x7fff_ffff

/**
 * The version a client says it last saw, 0 for "no backup yet" (cloud-backup §3, POST step 2).
 *
 * `If-None-Match: *` wins over `If-Match`. Without either, a device-scoped upload is refused, while a user-scoped one
 * is taken for a first upload (seeds/003; design §6).
 *
 * @throws input.invalid with the contract's words
 */
export function expectedVersion(headers: Headers, actor: CloudActor): number {
  const ifNoneMatch = headers.get('if-none-match')
  if (ifNoneMatch !== null) {
    if (ifNoneMatch !== '*') throw new Problem('input.invalid', { message: 'Invalid If-None-Match header' })
    return 0
  }
  const ifMatch = headers.get('if-match')
  if (ifMatch === null) {
    if (actor.deviceId === null) return 0
    throw new Problem('input.invalid', { message: 'Missing If-Match or If-None-Match header' })
  }
  const version = integerIn(ifMatch)
  if (version === null) throw new Problem('input.invalid', { message: 'Invalid version in If-Match header' })
  return version
}

/** Whether the client already holds this version: the exact integer, quoted or bare; anything else is ignored. */
export function alreadyHas(headers: Headers, version: number): boolean {
  const ifNoneMatch = headers.get('if-none-match')
  return ifNoneMatch !== null && integerIn(ifNoneMatch) === version
}

function integerIn(header: string): number | null {
  const bare = header.replace(/^"+|"+$/g, '')
  if (!/^[+-]?\d{1,10}$/.test(bare)) return null
  const version = Number(bare)
  return version >= -largestVersion - 1 && version <= largestVersion ? version : null
}

/**
 * SHA-256 that the client promised for its body, hex, or null: `Content-Digest`, `Repr-Digest` (RFC 9530) or the
 * older `Digest`. Other algorithms are ignored.
 */
export function promisedDigest(headers: Headers): string | null {
  for (const name of ['content-digest', 'repr-digest', 'digest']) {
    const found = /(?:^|[\s,])sha-256=:?([A-Za-z0-9+/]{43}=):?/i.exec(headers.get(name) ?? '')
    if (found?.[1]) return Buffer.from(found[1], 'base64').toString('hex')
  }
  return null
}
