import { and, asc, eq, gt, inArray, isNotNull, isNull } from 'drizzle-orm'
import type { Orm } from '#db/client.ts'
import { accounts, notices } from '#db/schema/index.ts'
import { publicUrl } from '#server/config/public-url.ts'
import type { Context } from '#server/context.ts'
import { type MailedEvent, mailedEvents } from './notice-kinds.ts'
import { noticeLetter } from './templates/notice.ts'

const hour = 3_600_000
/** What happened before is no news any more. */
const newsFor = 24 * hour
const most = 1_000
/** Of no use afterwards. */
const mailLifetime = 3 * 24 * hour

type Waiting = Pick<typeof notices.$inferSelect, 'id' | 'accountId' | 'at' | 'event' | 'address' | 'details'> & {
  email: string
  language: string | null
}

type Needs = Pick<Context, 'db' | 'clock' | 'outbox' | 'config' | 'address' | 'httpsAddress'>

/**
 * Mail what people were told of on their pages: one mail of a kind an hour and person, with everything of that kind
 * that came together meanwhile. Looked up rather than queued with the event, so that events of the command line are
 * mailed by the running server as well, and a flood of them is one mail.
 *
 * @returns how many mails were queued
 */
export async function mailNotices(ctx: Needs): Promise<number> {
  if (!ctx.outbox.sends) return 0
  const now = ctx.clock.now()
  const waiting = Object.values(Object.groupBy(listWaiting(ctx.db.read, now), (one) => `${one.accountId} ${one.event}`))
  let queued = 0
  for (const some of waiting) {
    const first = some?.[0]
    if (!some || !first || wasMailed(ctx.db.read, first, now)) continue
    await ctx.db.write((tx) => {
      const events = some.map(({ at, address, details }) => ({
        at,
        address,
        details: details ? JSON.parse(details) : {},
      }))
      const about = {
        recipient: first.email,
        language: first.language,
        event: first.event as MailedEvent,
        events,
        server: publicUrl(ctx),
      }
      ctx.outbox.queue(tx, { recipient: first.email, ...noticeLetter(about) }, mailLifetime)
      const ids = some.map(({ id }) => id)
      tx.update(notices).set({ mailedAt: now }).where(inArray(notices.id, ids)).run()
    })
    queued++
  }
  if (queued > 0) ctx.outbox.kick()
  return queued
}

/** Whoever has no address, or is disabled, finds it on their pages. */
function listWaiting(db: Orm, now: number): Waiting[] {
  return db
    .select({
      id: notices.id,
      accountId: notices.accountId,
      at: notices.at,
      event: notices.event,
      address: notices.address,
      details: notices.details,
      email: accounts.email,
      language: accounts.language,
    })
    .from(notices)
    .innerJoin(accounts, eq(accounts.id, notices.accountId))
    .where(
      and(
        isNull(notices.mailedAt),
        gt(notices.at, now - newsFor),
        inArray(notices.event, mailedEvents),
        isNotNull(accounts.email),
        isNull(accounts.disabledAt),
      ),
    )
    .orderBy(asc(notices.at))
    .limit(most)
    .all()
    .flatMap((row) => (row.email === null ? [] : [{ ...row, email: row.email }]))
}

function wasMailed(db: Orm, { accountId, event }: Waiting, now: number): boolean {
  const lately = and(
    eq(notices.accountId, accountId),
    gt(notices.at, now - newsFor - hour),
    eq(notices.event, event),
    gt(notices.mailedAt, now - hour),
  )
  return db.select({ id: notices.id }).from(notices).where(lately).limit(1).get() !== undefined
}
