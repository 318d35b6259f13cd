import { type ScryptOptions, scrypt } from 'node:crypto'
import { promisify } from 'node:util'
import { hash, verify } from '@node-rs/argon2'
import { BoundedQueue } from '#server/kit/bounded-queue.ts'
import { parseImportedHash, verifyImportedHash } from './imported-hash.ts'

/** OWASP's first choice of parameters: 19 MiB, two passes, one lane; the library's default algorithm is Argon2id. */
const argon2id = { memoryCost: 19_456, timeCost: 2, parallelism: 1 }

/** Of no password at all; verifying against it costs what verifying a real one does. */
const nobody = '$argon2id$v=19$m=19456,t=2,p=1$AAAAAAAAAAAAAAAAAAAAAA$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA'

/** Kept for an imported account whose password cannot be verified here: it matches nothing, a reset replaces it. */
export const unusablePassword = '!'

/** The work of scrypt: N = 2^logN. */
export type Stretching = { logN: number; r: number; p: number }

const stretch = promisify<string, Buffer, number, ScryptOptions, Buffer>(scrypt)

/**
 * Hashing off the event loop, two at once, at most 128 waiting (design §3).
 */
export class Passwords {
  readonly #queue = new BoundedQueue(2, 128)
  /** Imported hashes can cost seconds each, so they take one of the two places at most. */
  readonly #imported = new BoundedQueue(1, 16)

  get waiting(): number {
    return this.#queue.depth
  }

  /** @returns a PHC string. @throws server.busy */
  hash(password: string): Promise<string> {
    return this.#queue.run(() => hash(password, argon2id))
  }

  /**
   * @param stored  PHC string, an imported hash, or null for an unknown person: false after the same work
   * @throws server.busy
   */
  async verify(stored: string | null, password: string): Promise<boolean> {
    const imported = stored === null ? null : parseImportedHash(stored)
    if (imported) return this.#imported.run(() => this.#queue.run(() => verifyImportedHash(imported, password)))
    const usable = stored?.startsWith('$argon2') ? stored : null
    const matches = await this.#queue.run(() => verify(usable ?? nobody, password))
    return matches && usable !== null
  }

  /**
   * Make a key of a short secret such as a PIN, in the same queue as passwords.
   *
   * @returns 32 bytes
   * @throws server.busy
   */
  stretch(secret: string, { salt, logN, r, p }: Stretching & { salt: Buffer }): Promise<Buffer> {
    const N = 2 ** logN
    // What scrypt needs is 128·N·r and a little; Node refuses at 32 MiB unless told.
    const options = { N, r, p, maxmem: 2 * 128 * N * r + 1024 * 1024 * p }
    return this.#queue.run(() => stretch(secret, salt, 32, options))
  }

  /** Whether there is a password that matches at all. */
  isUsable(stored: string): boolean {
    return stored.startsWith('$argon2') || parseImportedHash(stored) !== null
  }

  /** Whether a stored hash is of the kind we make; others are replaced when their owner signs in. */
  isCurrent(stored: string): boolean {
    return stored.startsWith('$argon2id$')
  }
}
