import { pbkdf2, timingSafeEqual } from 'node:crypto'
import { promisify } from 'node:util'
import { compare } from 'bcryptjs'

/** A password hash of another program, as it is kept until its owner signs in for the first time. */
export type ImportedHash =
  | { kind: 'pbkdf2'; iterations: number; salt: string; key: Buffer }
  | { kind: 'bcrypt'; hash: string }

const derive = promisify(pbkdf2)
const mostIterations = 50_000_000
const bcryptShape = /^\$2[aby]\$(\d\d)\$[./A-Za-z0-9]{53}$/
/** Each step up doubles the time; Rails makes 12. */
const bcryptCosts = { least: 4, most: 15 }
const shape = /^pbkdf2-sha1\$(\d{1,8})\$([A-Za-z0-9+/=]{1,400})\$([A-Za-z0-9+/]{8,400}={0,2})$/

/**
 * PBKDF2-HMAC-SHA1 as `credential` 2.0 makes it: 66 bytes of key, and for salt the base64 *text* of 66 random bytes,
 * not the bytes (its `createSalt` hands `toString('base64')` on to `pbkdf2`).
 *
 * @returns `pbkdf2-sha1$<iterations>$<salt, base64 text>$<key, base64>`, or null for numbers nobody could verify
 */
export function importPbkdf2(iterations: number, salt: string, key: string): string | null {
  const text = `pbkdf2-sha1$${iterations}$${salt}$${key}`
  return parseImportedHash(text) ? text : null
}

/** @returns the hash as it is kept, `$2a$12$…` (otp §5), or null for what is no bcrypt hash that can be verified here */
export function importBcrypt(hash: string): string | null {
  return parseImportedHash(hash)?.kind === 'bcrypt' ? hash : null
}

/** @returns null for what is none of these, e.g. an argon2 string */
export function parseImportedHash(stored: string): ImportedHash | null {
  const cost = Number(bcryptShape.exec(stored)?.[1])
  if (cost >= bcryptCosts.least && cost <= bcryptCosts.most) return { kind: 'bcrypt', hash: stored }
  const [, iterations = '', salt = '', key = ''] = shape.exec(stored) ?? []
  const count = Number(iterations)
  return count >= 1 && count <= mostIterations
    ? { kind: 'pbkdf2', iterations: count, salt, key: Buffer.from(key, 'base64') }
    : null
}

/**
 * Seconds of work for PBKDF2 hashes of recent years, off the event loop (contract A §6); a third of a second for
 * bcrypt, on it, in slices.
 */
export async function verifyImportedHash(imported: ImportedHash, password: string): Promise<boolean> {
  if (imported.kind === 'bcrypt') return compare(password, imported.hash)
  const { iterations, salt, key } = imported
  return timingSafeEqual(await derive(password, salt, iterations, key.length, 'sha1'), key)
}
