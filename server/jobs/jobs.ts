import { deleteAccounts } from '#server/keeping/delete-accounts.ts'
import { pruneLogs } from '#server/keeping/prune-logs.ts'
import { reapHistory, reapOrphans } from '#server/keeping/reap.ts'
import { keepReserve } from '#server/keeping/reserve.ts'
import { keepSnapshots } from '#server/keeping/run-snapshots.ts'
import { sampleStorage } from '#server/keeping/sample-storage.ts'
import { scrub } from '#server/keeping/scrub.ts'
import { watchHouse } from '#server/keeping/watch-house.ts'
import { mailNotices } from '#server/notices/mail-notices.ts'
import { trimEvents } from '#server/notices/trim-events.ts'
import { deleteExpiredSessions } from '#server/people/store.ts'
import { forgetFactors } from '#server/surfaces/factors/forget-factors.ts'
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
    name: 'prune-logs',
    every: minute,
    async run(ctx) {
      ctx.metrics.event('operations.pruned', await pruneLogs(ctx))
    },
  },
  {
    // Lists the whole store: every minute while that is quick, seldom where it takes long.
    name: 'reap-orphans',
    every: (took) => Math.max(minute, took * 200),
    async run(ctx) {
      ctx.metrics.event('orphans.reaped', await reapOrphans(ctx))
    },
  },
  {
    // Mail goes out by itself as soon as it is queued; this finds what a stop or a jump of the clock left behind.
    name: 'send-mail',
    every: minute,
    run: (ctx) => ctx.outbox.flush(),
  },
  {
    name: 'keep-reserve',
    every: minute,
    run: (ctx) => keepReserve(ctx.config.dataFolder),
  },
  {
    name: 'forget-sessions',
    every: hour,
    run: (ctx) => ctx.db.write((tx) => deleteExpiredSessions(tx, ctx.settled.now())),
  },
  {
    name: 'delete-accounts',
    every: minute,
    async run(ctx) {
      ctx.metrics.event('accounts.deleted', await deleteAccounts(ctx))
    },
  },
  {
    // When one is due; it is looked up, not counted, so that a restart does not begin a day anew.
    name: 'snapshot',
    every: 10 * minute,
    run: keepSnapshots,
  },
  {
    name: 'scrub',
    every: 10 * minute,
    async run(ctx, signal) {
      // A keeper is having everything read just now.
      if (ctx.work.isRunning('scrub')) return
      ctx.metrics.event('objects.scrubbed', (await scrub(ctx, { signal })).objects)
    },
  },
  {
    name: 'mail-notices',
    every: minute,
    run: mailNotices,
  },
  { name: 'watch-clock', every: minute, run: (ctx) => ctx.settled.look() },
  { name: 'watch-house', every: 5 * minute, run: watchHouse },
  {
    name: 'trim-events',
    every: hour,
    async run(ctx, signal) {
      ctx.metrics.event('events.trimmed', await trimEvents(ctx, signal))
    },
  },
  {
    // Goes on from where it stopped; a move that keepers begin does not wait for it.
    name: 'move-storage',
    every: minute,
    run: (ctx) => ctx.keeping.moveOn(),
  },
  { name: 'sample-storage', every: hour, run: sampleStorage },
  { name: 'forget-factors', every: hour, run: forgetFactors },
]
