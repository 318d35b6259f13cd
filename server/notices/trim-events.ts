import { sql } from 'drizzle-orm'
import type { Orm } from '#db/client.ts'
import { auditEvents, knownPlaces, notices } from '#db/schema/index.ts'
import type { Context } from '#server/context.ts'

const day = 24 * 3_600_000
/** Removed in one transaction: some milliseconds, so that nobody waits long for theirs. */
const batch = 500
/** What tells of somebody getting in, or trying to, is kept for as long at least. */
const securityDays = 90
const securityEvents = [
  'session.%',
  'passkey.%',
  'pairing.%',
  'recovery.%',
  'reset.%',
  'account.%',
  'invitation.%',
  'factors.%',
]
const noticeDays = 90
const noticesEach = 200
/** A place that nobody signed in from for so long counts for nothing (`people/known-places.ts`). */
const placeDays = 400

type Needs = Pick<Context, 'db' | 'settled' | 'settings'>

/**
 * Forget what happened longer ago than the setting says, in small batches, and notices that nobody needs any more.
 *
 * @returns how many events went
 */
export async function trimEvents({ db, settled, settings }: Needs, signal?: AbortSignal): Promise<number> {
  const now = settled.now()
  const before = now - settings.values.auditDays * day
  const securityBefore = Math.min(before, now - securityDays * day)
  const gone = await inBatches(db, signal, (tx) => dropEvents(tx, before, securityBefore))
  await inBatches(db, signal, (tx) => dropNotices(tx, now - noticeDays * day))
  await inBatches(db, signal, (tx) => dropPlaces(tx, now - placeDays * day))
  return gone
}

async function inBatches(
  db: Context['db'],
  signal: AbortSignal | undefined,
  drop: (tx: Orm) => number,
): Promise<number> {
  let gone = 0
  for (let went = batch; went >= batch && !signal?.aborted; gone += went) went = await db.write(drop)
  return gone
}

function dropEvents(tx: Orm, before: number, securityBefore: number): number {
  const isSecurity = sql.join(
    securityEvents.map((pattern) => sql`event like ${pattern}`),
    sql` or `,
  )
  return tx.run(sql`delete from ${auditEvents} where rowid in (select rowid from ${auditEvents}
    where at < ${before} and (at < ${securityBefore} or not (${isSecurity})) limit ${batch})`).changes
}

function dropNotices(tx: Orm, before: number): number {
  return tx.run(sql`delete from ${notices} where rowid in (select rowid from (
    select rowid, at, row_number() over (partition by account_id order by at desc) as place from ${notices})
    where at < ${before} or place > ${noticesEach} limit ${batch})`).changes
}

function dropPlaces(tx: Orm, before: number): number {
  return tx.run(sql`delete from ${knownPlaces} where rowid in
    (select rowid from ${knownPlaces} where max(last_at, first_at) < ${before} limit ${batch})`).changes
}
