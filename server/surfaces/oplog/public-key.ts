import { createHash, createPublicKey, type KeyObject } from 'node:crypto'
import { Problem } from '#server/kit/problem.ts'
import { mostUserBytes } from './wire.ts'

/** `user` as it was sent: text, or a JWK. */
export type SentUser = string | Record<string, unknown>

/** SHA-256 of the key, hex: the only trace of it that is kept. */
export type UserHash = string

/**
 * A JWK is the same key whatever the order of its members; text is compared as it is (oplog-sync D16).
 *
 * @throws log.user_invalid over 8 KiB
 */
export function hashUser(user: SentUser): UserHash {
  const text = typeof user === 'string' ? user : canonical(user)
  if (Buffer.byteLength(text) > mostUserBytes) throw new Problem('log.user_invalid')
  return createHash('sha256').update(text).digest('hex')
}

/** What people and logs may see of a key. */
export function fingerprint(userHash: UserHash): string {
  return userHash.slice(0, 16)
}

/**
 * The RSA key in `user`: SubjectPublicKeyInfo in PEM, base64 or base64url, or a JWK.
 *
 * @throws log.key_unprovable for anything else, and for a modulus that is too short or absurdly long
 */
export function rsaKeyOf(user: SentUser): KeyObject {
  const key = parse(user)
  const bits = key?.asymmetricKeyType === 'rsa' ? (key.asymmetricKeyDetails?.modulusLength ?? 0) : 0
  if (!key || bits < 2048 || bits > 8192) throw new Problem('log.key_unprovable')
  return key
}

function parse(user: SentUser): KeyObject | null {
  try {
    if (typeof user !== 'string') return createPublicKey({ key: user, format: 'jwk' })
    if (user.includes('-----BEGIN')) return createPublicKey(user)
    return createPublicKey({ key: Buffer.from(user, 'base64'), format: 'der', type: 'spki' })
  } catch {
    return null
  }
}

function canonical(jwk: Record<string, unknown>): string {
  const members = Object.entries(jwk).sort(([a], [b]) => (a < b ? -1 : 1))
  return JSON.stringify(Object.fromEntries(members))
}
