import type { Clock } from './clock.ts'
import type { Log } from './log.ts'
import { reasonOf } from './reason-of.ts'

export type Progress = { done: number; total: number }

/** How some work is, or went the last time. Times in milliseconds. */
export type WorkState = {
  startedAt: number
  /** Null while it is under way. */
  endedAt: number | null
  progress: Progress | null
  /** Why it failed, in words. */
  failure: string | null
}

export type Task = (signal: AbortSignal, report: (progress: Progress) => void) => Promise<unknown>

type Running = { ended: Promise<void>; stop: AbortController }

/** Long work that goes on when whoever asked for it has left the page; each kind once at a time. */
export class BackgroundWork {
  readonly #clock: Clock
  readonly #log: Log
  readonly #states = new Map<string, WorkState>()
  readonly #running = new Map<string, Running>()
  #isClosed = false

  constructor({ clock, log }: { clock: Clock; log: Log }) {
    this.#clock = clock
    this.#log = log
  }

  /** @returns null when it has not run since the start */
  stateOf(name: string): WorkState | null {
    return this.#states.get(name) ?? null
  }

  isRunning(name: string): boolean {
    return this.#running.has(name)
  }

  /** Begin, unless it is under way. @returns when it ends; what it throws is in its state and in the log */
  run(name: string, task: Task): Promise<void> {
    const before = this.#running.get(name)
    if (before) return before.ended
    if (this.#isClosed) return Promise.resolve()
    const state: WorkState = { startedAt: this.#clock.now(), endedAt: null, progress: null, failure: null }
    const stop = new AbortController()
    const ended = Promise.resolve()
      .then(() => stop.signal.aborted || task(stop.signal, (progress) => Object.assign(state, { progress })))
      .catch((error: unknown) => {
        state.failure = reasonOf(error)
        if (!this.#isClosed) this.#log.error({ work: name, error }, 'work in the background failed')
      })
      .then(() => {
        state.endedAt = this.#clock.now()
        this.#running.delete(name)
      })
    this.#states.set(name, state)
    this.#running.set(name, { ended, stop })
    return ended
  }

  /** End it early. @returns when it has ended */
  async stop(name: string): Promise<void> {
    const running = this.#running.get(name)
    running?.stop.abort()
    await running?.ended
  }

  /** End everything, for good; waits that many milliseconds at most. */
  async close(patience: number): Promise<void> {
    this.#isClosed = true
    const all = Promise.all(Array.from(this.#running.keys(), (name) => this.stop(name)))
    const timeout = Promise.withResolvers<void>()
    const timer = setTimeout(timeout.resolve, patience)
    await Promise.race([all, timeout.promise])
    clearTimeout(timer)
  }
}
