import type { Answer, CloudSlot } from './disaster-client.ts'
import { sha256 } from './disaster-random.ts'

/** An upload whose answer never came. */
export type Unanswered = { slot: CloudSlot; expected: number; bytes: Buffer }

/**
 * What a slot was sent and what it acknowledged: the book that the server is held to after a crash.
 *
 * An upload without an answer may have been stored or not; one with a 200 must be there, or a later one in its place.
 */
export class Ledger {
  readonly slot: CloudSlot
  /** SHA-256 of everything that was ever sent to become this version. */
  readonly #sent = new Map<number, Set<string>>()
  readonly #acknowledged = new Map<number, string>()
  #newest = 0
  /** The newest version anybody has been told of. */
  seen = 0
  readonly faults: string[] = []

  constructor(slot: CloudSlot) {
    this.slot = slot
  }

  get acknowledgements(): number {
    return this.#acknowledged.size
  }

  sending(bytes: Uint8Array, expected: number): void {
    const version = expected + 1
    const hashes = this.#sent.get(version) ?? new Set()
    this.#sent.set(version, hashes.add(sha256(bytes)))
  }

  /** Write an answer down, and whether it is one that a sound server may give to an upload. */
  answered(bytes: Uint8Array, expected: number, answer: Answer): void {
    if (answer.version !== null) this.seen = Math.max(this.seen, answer.version)
    const refused = (answer.status === 409 || answer.status === 412) && answer.error !== null
    if (answer.status === 200) this.#acknowledge(expected + 1, sha256(bytes), answer.version)
    else if (!refused)
      this.faults.push(`an upload over version ${expected} was answered ${answer.status} ${answer.error}`)
  }

  #acknowledge(version: number, hash: string, named: number | null): void {
    if (named !== version) this.faults.push(`version ${version} was acknowledged with the ETag of ${named}`)
    const before = this.#acknowledged.get(version)
    if (before && before !== hash) this.faults.push(`version ${version} was acknowledged for two different uploads`)
    this.#acknowledged.set(version, hash)
    this.#newest = Math.max(this.#newest, version)
  }

  /** Read the slot and compare it with the book. */
  async audit(): Promise<void> {
    const [got, headed] = [await this.slot.get(), await this.slot.head()]
    if (got.status === 404 && this.#newest === 0) return
    if (got.status !== 200 || got.version === null) {
      this.faults.push(`version ${this.#newest} was acknowledged, but a download is answered ${got.status}`)
      return
    }
    const { version, hash } = got
    if (version < this.#newest)
      this.faults.push(`version ${version} is served although ${this.#newest} was acknowledged`)
    const acknowledged = this.#acknowledged.get(version)
    if (acknowledged && acknowledged !== hash) this.faults.push(`version ${version} is not what was acknowledged`)
    if (!this.#sent.get(version)?.has(hash))
      this.faults.push(`version ${version} holds bytes that were not sent for it`)
    if (got.length !== got.body.length) this.faults.push(`version ${version} came with a wrong Content-Length`)
    if (headed.status !== 200 || headed.version !== version || headed.length !== got.length)
      this.faults.push(`HEAD says ${headed.status}, version ${headed.version}, but GET says version ${version}`)
    this.seen = Math.max(this.seen, version)
    this.#newest = Math.max(this.#newest, version)
    this.#acknowledged.set(version, hash)
  }

  /**
   * Send an upload again whose answer was lost. If it is what is stored now, the server must know it again
   * (design §6); otherwise it is a stale upload and must be refused.
   */
  async retry({ slot, expected, bytes }: Unanswered): Promise<'known again' | 'refused' | 'stored'> {
    const stored = this.#acknowledged.get(this.#newest) === sha256(bytes) && this.#newest === expected + 1
    const free = this.#newest === expected
    this.sending(bytes, expected)
    const answer = await slot.put(bytes, expected)
    this.answered(bytes, expected, answer)
    const shouldTake = free || (stored && expected > 0)
    if ((answer.status === 200) !== shouldTake)
      this.faults.push(`a retry over version ${expected} at version ${this.#newest} was answered ${answer.status}`)
    if (answer.status !== 200) return 'refused'
    return stored ? 'known again' : 'stored'
  }
}
