/** Who is writing right now, in this process; a stop or crash forgets it, which is what frees an aborted upload. */
export class Turns {
  readonly #taken = new Set<string>()

  /** @returns the turn, to be disposed of when done, or null while somebody else has it */
  take(key: string): Disposable | null {
    if (this.#taken.has(key)) return null
    this.#taken.add(key)
    return { [Symbol.dispose]: () => this.#taken.delete(key) }
  }
}
