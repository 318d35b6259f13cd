const mostRemembered = 10_000

/** Who is writing right now, in this process; a stop or crash forgets it, which is what frees an aborted upload. */
export class Turns {
  readonly #taken = new Set<string>()
  /** When each turn ended last, on `performance.now()`'s scale. */
  readonly #ended = new Map<string, number>()

  /** @returns the turn, to be disposed of when done, or null while somebody else has it */
  take(key: string): Disposable | null {
    if (this.#taken.has(key)) return null
    this.#taken.add(key)
    return { [Symbol.dispose]: () => this.#end(key) }
  }

  /** Whether a turn ended after that moment, on `performance.now()`'s scale. */
  endedSince(key: string, moment: number): boolean {
    return (this.#ended.get(key) ?? Number.NEGATIVE_INFINITY) >= moment
  }

  #end(key: string): void {
    this.#taken.delete(key)
    this.#ended.delete(key)
    this.#ended.set(key, performance.now())
    if (this.#ended.size <= mostRemembered) return
    const oldest = this.#ended.keys().next().value
    if (oldest !== undefined) this.#ended.delete(oldest)
  }
}
