import { BoundedQueue } from './bounded-queue.ts'

/** One task at a time a key; others with that key wait, up to a number of them. */
export class KeyedQueue {
  readonly #queues = new Map<string, BoundedQueue>()
  readonly #length: number

  /** @param length  how many may wait for one key */
  constructor(length: number) {
    this.#length = length
  }

  /** @throws server.busy with `Retry-After` when too many wait */
  async run<T>(key: string, task: () => Promise<T>): Promise<T> {
    const queue = this.#queues.get(key) ?? new BoundedQueue(1, this.#length)
    this.#queues.set(key, queue)
    try {
      return await queue.run(task)
    } finally {
      if (queue.depth === 0 && this.#queues.get(key) === queue) this.#queues.delete(key)
    }
  }
}
