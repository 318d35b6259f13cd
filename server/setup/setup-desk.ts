import { KeyedQueue } from '#server/kit/keyed-queue.ts'
import { Problem } from '#server/kit/problem.ts'

/** Set-up takes one action at a time, so that nobody answers behind a finished set-up. */
export class SetupDesk {
  readonly #turns = new KeyedQueue(32)
  /** A server is being brought back into this data folder; the one that is there has no future. */
  isRestoring = false

  /** @throws setup.restoring, server.busy, what `task` throws */
  inTurn<T>(task: () => Promise<T>): Promise<T> {
    return this.#turns.run('', async () => {
      if (this.isRestoring) throw new Problem('setup.restoring')
      return task()
    })
  }
}
