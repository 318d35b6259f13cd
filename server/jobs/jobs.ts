import { reapHistory, reapOrphans } from '#server/keeping/reap.ts'
import { deleteExpiredSessions } from '#server/people/store.ts'
import type { Job } from './scheduler.ts'

const minute = 60_000
const hour = 60 * minute

/** What the server does by itself. */
export const jobs: Job[] = [
  {
    name: 'reap-history',
    every: minute,
    async run(ctx) {
      ctx.metrics.event('history.reaped', await reapHistory(ctx))
    },
  },
  {
    name: 'reap-orphans',
    every: hour,
    async run(ctx) {
      ctx.metrics.event('orphans.reaped', await reapOrphans(ctx))
    },
  },
  {
    name: 'forget-sessions',
    every: hour,
    run: (ctx) => ctx.db.write((tx) => deleteExpiredSessions(tx, ctx.clock.now())),
  },
]
