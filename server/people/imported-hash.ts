import { pbkdf2, timingSafeEqual } from 'node:crypto'
import { promisify } from 'node:util'

/** A password hash of another program, as it is kept until its owner signs in for the first time. */
export type ImportedHash = { iterations: number; salt: string; key: Buffer }

const derive = promisify(pbkdf2)
const mostIterations = 50_000_000
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

/** @returns null for what is none of these, e.g. an argon2 string */
export function parseImportedHash(stored: string): ImportedHash | null {
  const [, iterations = '', salt = '', key = ''] = shape.exec(stored) ?? []
  const count = Number(iterations)
  return count >= 1 && count <= mostIterations ? { iterations: count, salt, key: Buffer.from(key, 'base64') } : null
}

/** Off the event loop; seconds of work for hashes of recent years (contract A §6). */
export async function verifyImportedHash({ iterations, salt, key }: ImportedHash, password: string): Promise<boolean> {
  return timingSafeEqual(await derive(password, salt, iterations, key.length, 'sha1'), key)
}
