import { jobs as table } from '#db/schema/index.ts'
import type { Context } from '#server/context.ts'

export type Job = {
  name: string
  /** Between the end of one run and the start of the next, milliseconds; may depend on how long it took. */
  every: number | ((took: number) => number)
  /** @param signal  aborts when the server stops; long jobs leave what they do for the next start then */
  run(ctx: Context, signal: AbortSignal): Promise<unknown>
}

/**
 * Run each job at start and then again and again, never twice at once. A job that fails is logged and tried again at
 * its next turn.
 */
export class Scheduler {
  readonly #ctx: Context
  readonly #timers = new Map<string, NodeJS.Timeout>()
  readonly #running = new Set<Promise<void>>()
  readonly #stop = new AbortController()

  constructor(ctx: Context, jobs: Job[]) {
    this.#ctx = ctx
    for (const job of jobs) this.#start(job)
  }

  /** No job starts any more; resolves when those under way have ended. */
  async stop(): Promise<void> {
    this.#stop.abort()
    for (const timer of this.#timers.values()) clearTimeout(timer)
    await Promise.all(this.#running)
  }

  #start(job: Job): void {
    const began = performance.now()
    const run = this.#run(job).finally(() => {
      this.#running.delete(run)
      const pause = typeof job.every === 'number' ? job.every : job.every(performance.now() - began)
      if (!this.#stop.signal.aborted)
        this.#timers.set(
          job.name,
          setTimeout(() => this.#start(job), pause),
        )
    })
    this.#running.add(run)
  }

  async #run(job: Job): Promise<void> {
    const { ctx, startedAt } = { ctx: this.#ctx, startedAt: this.#ctx.clock.now() }
    let outcome = 'ok'
    try {
      await job.run(ctx, this.#stop.signal)
    } catch (error) {
      outcome = error instanceof Error ? error.message : 'failed'
      ctx.log.error({ job: job.name, error }, 'a job failed')
    }
    ctx.metrics.job(job.name, outcome === 'ok' ? 'ok' : 'failed')
    const row = { name: job.name, startedAt, finishedAt: ctx.clock.now(), outcome }
    await ctx.db
      .write((tx) => tx.insert(table).values(row).onConflictDoUpdate({ target: table.name, set: row }).run())
      .catch((error) => ctx.log.error({ job: job.name, error }, 'a job could not be recorded'))
  }
}
