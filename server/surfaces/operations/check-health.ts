import { eq } from 'drizzle-orm'
import { jobs } from '#db/schema/index.ts'
import type { Context } from '#server/context.ts'

export type Health = { database: 'ok' | 'failed'; store: 'ok' | 'failed' }

/** How long a result is good for, so that probing from outside cannot wear the disk. */
const fresh = { disk: 1_000, s3: 5_000 }

/** Runs the checks at most once at a time, and answers from the last run while that is fresh. */
export class HealthCheck {
  #last: { at: number; health: Health } | null = null
  #running: Promise<Health> | null = null

  async run(ctx: Context): Promise<Health> {
    const now = performance.now()
    if (this.#last && now - this.#last.at < fresh[ctx.blobs.kind]) return this.#last.health
    this.#running ??= checkHealth(ctx).finally(() => {
      this.#running = null
    })
    const health = await this.#running
    this.#last = { at: now, health }
    return health
  }
}

/** Really writes and reads the database and the store (a durable commit; an object put, read back and deleted). */
async function checkHealth(ctx: Context): Promise<Health> {
  const [database, store] = await Promise.all([
    attempt(ctx, () => touchDatabase(ctx)),
    attempt(ctx, () => ctx.blobs.probe()),
  ])
  return { database, store }
}

async function attempt(ctx: Context, check: () => Promise<void>): Promise<'ok' | 'failed'> {
  try {
    await check()
    return 'ok'
  } catch (error) {
    ctx.log.error({ error }, 'a health check failed')
    return 'failed'
  }
}

async function touchDatabase(ctx: Context): Promise<void> {
  const at = ctx.clock.now()
  const row = { name: 'health', startedAt: at, finishedAt: at, outcome: 'ok' }
  await ctx.db.write((tx) => tx.insert(jobs).values(row).onConflictDoUpdate({ target: jobs.name, set: row }).run())
  const read = ctx.db.read.select().from(jobs).where(eq(jobs.name, 'health')).get()
  if (read?.finishedAt !== at) throw new Error('The database did not keep what was written')
}
