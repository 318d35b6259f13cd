import { Problem } from './problem.ts'

/**
 * Run at most `width` tasks at once; let at most `length` wait; refuse the rest at once, so that a flood of
 * sign-ins costs a bounded amount of work (design §3).
 */
export class BoundedQueue {
  #running = 0
  #waiting: Array<() => void> = []
  readonly #width: number
  readonly #length: number

  constructor(width: number, length: number) {
    this.#width = width
    this.#length = length
  }

  get depth(): number {
    return this.#running + this.#waiting.length
  }

  /** @throws server.busy with `Retry-After` when the queue is full */
  async run<T>(task: () => Promise<T>): Promise<T> {
    if (this.#running >= this.#width) {
      if (this.#waiting.length >= this.#length) throw new Problem('server.busy', { headers: { 'Retry-After': '2' } })
      await new Promise<void>((resolve) => this.#waiting.push(resolve))
    } else {
      this.#running++
    }
    try {
      return await task()
    } finally {
      // The place is handed on, not given back: a newcomer cannot overtake those who wait.
      const next = this.#waiting.shift()
      if (next) next()
      else this.#running--
    }
  }
}
