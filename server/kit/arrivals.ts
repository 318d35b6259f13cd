/** Those who wait for something to arrive under a name, in this process. */
export class Arrivals {
  readonly #waiting = new Map<string, Set<() => void>>()
  #stopped = false

  /** Wake everybody who waits under this name. */
  announce(name: string): void {
    for (const wake of this.#waiting.get(name) ?? []) wake()
  }

  /**
   * Resolves at the next arrival, when the time is over, when the signal aborts, or when the server stops, whichever
   * comes first.
   *
   * @returns whether there is any use in waiting on
   */
  wait(name: string, milliseconds: number, signal: AbortSignal): Promise<boolean> {
    if (this.#stopped || signal.aborted || milliseconds <= 0) return Promise.resolve(false)
    return new Promise((resolve) => {
      const others = this.#waiting.get(name) ?? new Set()
      const end = (arrived: boolean) => {
        clearTimeout(timer)
        signal.removeEventListener('abort', giveUp)
        others.delete(wake)
        if (others.size === 0) this.#waiting.delete(name)
        resolve(arrived)
      }
      const wake = () => end(!this.#stopped)
      const giveUp = () => end(false)
      const timer = setTimeout(giveUp, milliseconds)
      signal.addEventListener('abort', giveUp, { once: true })
      this.#waiting.set(name, others.add(wake))
    })
  }

  /** Nobody waits any more. */
  stop(): void {
    this.#stopped = true
    for (const name of [...this.#waiting.keys()]) this.announce(name)
  }
}
