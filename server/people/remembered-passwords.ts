import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto'
import type { Clock } from '#server/kit/clock.ts'
import type { AccountRow } from './store.ts'

const rememberedMilliseconds = 60_000
const mostRemembered = 10_000

/** What a proof is about; null for a name that nobody has. */
export type Claimed = Pick<AccountRow, 'id' | 'passwordHash' | 'disabledAt'> | null

/**
 * Passwords that were verified within the last minute, so that HTTP Basic does not cost an argon2 run a request
 * (design §3). Kept as an HMAC over account, stored hash and password under a key of this process: a changed password
 * misses by itself, and the memory is of no use to anybody else. Only right passwords are remembered.
 */
export class RememberedPasswords {
  readonly #key = randomBytes(32)
  readonly #proofs = new Map<string, { proof: Buffer; at: number }>()
  readonly #underWay = new Map<string, Promise<unknown>>()
  readonly #clock: Clock

  constructor(clock: Clock) {
    this.#clock = clock
  }

  /** Costs the same for nobody, for a disabled account, and for one that is not remembered. */
  has(account: Claimed, password: string): boolean {
    const proof = this.#prove(account, password)
    const known = this.#proofs.get(account?.id ?? '')
    const same = timingSafeEqual(proof, known?.proof ?? Buffer.alloc(proof.length))
    const age = this.#clock.now() - (known?.at ?? 0)
    const standing = account !== null && account.disabledAt === null && known !== undefined
    return standing && same && age >= 0 && age < rememberedMilliseconds
  }

  remember(account: NonNullable<Claimed>, password: string): void {
    this.#proofs.delete(account.id)
    this.#proofs.set(account.id, { proof: this.#prove(account, password), at: this.#clock.now() })
    if (this.#proofs.size <= mostRemembered) return
    const oldest = this.#proofs.keys().next().value
    if (oldest !== undefined) this.#proofs.delete(oldest)
  }

  /**
   * Share one verification among requests that say the same thing at the same time: a phone that opens sixteen
   * connections costs one argon2 run, and counts as one guess.
   *
   * @param from  what else must be the same: name and address
   */
  async once<T>(account: Claimed, password: string, from: string, verify: () => Promise<T>): Promise<T> {
    const key = `${this.#prove(account, password).toString('base64')} ${from}`
    const running = this.#underWay.get(key) as Promise<T> | undefined
    if (running) return running
    const started = verify().finally(() => this.#underWay.delete(key))
    this.#underWay.set(key, started)
    return started
  }

  #prove(account: Claimed, password: string): Buffer {
    const said = JSON.stringify([account?.id ?? null, account?.passwordHash ?? null, password])
    return createHmac('sha256', this.#key).update(said).digest()
  }
}
