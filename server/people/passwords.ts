import { hash, verify } from '@node-rs/argon2'
import { BoundedQueue } from '#server/kit/bounded-queue.ts'

/** OWASP's first choice of parameters: 19 MiB, two passes, one lane; the library's default algorithm is Argon2id. */
const argon2id = { memoryCost: 19_456, timeCost: 2, parallelism: 1 }

/** Of no password at all; verifying against it costs what verifying a real one does. */
const nobody = '$argon2id$v=19$m=19456,t=2,p=1$AAAAAAAAAAAAAAAAAAAAAA$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA'

/**
 * Hashing off the event loop, two at once, at most 128 waiting (design §3).
 */
export class Passwords {
  readonly #queue = new BoundedQueue(2, 128)

  get waiting(): number {
    return this.#queue.depth
  }

  /** @returns a PHC string. @throws server.busy */
  hash(password: string): Promise<string> {
    return this.#queue.run(() => hash(password, argon2id))
  }

  /**
   * @param stored  PHC string, or null for an unknown person: false after the same work
   * @throws server.busy
   */
  async verify(stored: string | null, password: string): Promise<boolean> {
    const matches = await this.#queue.run(() => verify(stored ?? nobody, password))
    return matches && stored !== null
  }
}
