import { createHash, createPublicKey, type KeyObject } from 'node:crypto'
import { Problem } from '#server/kit/problem.ts'
import { mostUserBytes } from './wire.ts'

/** The least and the most bits of a modulus that can be proved. */
const provableBits = { min: 2048, max: 8192 }

/** `user` as it was sent: text, or a JWK. */
export type SentUser = string | Record<string, unknown>

/** SHA-256 of the key, hex: the only trace of it that is kept. */
export type UserHash = string

/**
 * A JWK is the same key whatever the order of its members; text is compared as it is (oplog-sync D16).
 *
 * @throws log.user_invalid over 8 KiB, or nested beyond reason
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
  if (key?.asymmetricKeyType !== 'rsa') throw new Problem('log.key_unprovable')
  const { modulusLength: bits = 0, publicExponent: exponent = 0n } = key.asymmetricKeyDetails ?? {}
  // Under an exponent of 0 or 1 anybody reads the nonce.
  if (bits < provableBits.min || bits > provableBits.max || exponent < 3n) throw new Problem('log.key_unprovable')
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

/** @throws log.user_invalid when it is nested so deeply that the stack would not hold it */
function canonical(jwk: Record<string, unknown>): string {
  try {
    return JSON.stringify(jwk, (_, value) => (isObject(value) ? sorted(value) : value))
  } catch (cause) {
    throw new Problem('log.user_invalid', { cause })
  }
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function sorted(value: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)))
}
