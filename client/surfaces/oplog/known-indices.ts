/**
 * The operations of one client that this device knows, as indices. Only what is beyond the first gap is held one by
 * one, so a long log costs one number.
 */
export class KnownIndices {
  #contiguous = -1
  readonly #beyond = new Set<number>()

  /**
   * The highest index below which nothing is missing, −1 for none: what may be reported in `sync_status`. A higher one
   * would hide an operation that arrives late from this device for ever (oplog-sync D7).
   */
  get contiguous(): number {
    return this.#contiguous
  }

  /** Whether something is known beyond a missing index. */
  get hasGap(): boolean {
    return this.#beyond.size > 0
  }

  has(index: number): boolean {
    return index <= this.#contiguous || this.#beyond.has(index)
  }

  /** @returns false when it was known already */
  add(index: number): boolean {
    if (this.has(index)) return false
    this.#beyond.add(index)
    while (this.#beyond.delete(this.#contiguous + 1)) this.#contiguous += 1
    return true
  }

  /** Not known any more from `index` on. */
  forgetFrom(index: number): void {
    this.#contiguous = Math.min(this.#contiguous, index - 1)
    for (const beyond of this.#beyond) if (beyond >= index) this.#beyond.delete(beyond)
  }
}

/** The same for all clients of a log. */
export class KnownSlots {
  readonly #clients = new Map<string, KnownIndices>()

  of(clientId: string): KnownIndices {
    const known = this.#clients.get(clientId) ?? new KnownIndices()
    this.#clients.set(clientId, known)
    return known
  }

  get hasGap(): boolean {
    return [...this.#clients.values()].some(({ hasGap }) => hasGap)
  }

  /** `sync_status`: the highest contiguous index of every client of which anything is known. */
  status(): Record<string, number> {
    const entries = [...this.#clients].map(([clientId, { contiguous }]) => [clientId, contiguous] as const)
    return Object.fromEntries(entries.filter(([, contiguous]) => contiguous >= 0))
  }
}
