import { and, eq, gt, isNull } from 'drizzle-orm'
import type { Orm } from '#db/client.ts'
import { accounts, auditEvents, notices } from '#db/schema/index.ts'
import type { Ids } from '#server/kit/ids.ts'
import type { AuditEvent } from './audit.ts'
import { type NoticeKind, noticeKinds } from './notice-kinds.ts'

const hour = 3_600_000
/** Wrong passwords within an hour; fewer are somebody's own fingers. */
const several = 5

type Happened = AuditEvent & { at: number }

/** Tell whoever has to know, in the transaction of the event. Called by `recordEvent` alone. */
export function addNotices(ctx: { ids: Ids }, tx: Orm, happened: Happened): void {
  const kind = noticeKinds[happened.event]
  if (!kind || !isNews(tx, happened)) return
  for (const accountId of readersOf(tx, kind, happened)) {
    if (wasTold(tx, accountId, kind, happened)) continue
    tx.insert(notices)
      .values({
        id: ctx.ids.uuid(),
        accountId,
        at: happened.at,
        event: happened.event,
        address: happened.address ?? null,
        details: detailsOf(happened),
      })
      .run()
  }
}

function isNews(tx: Orm, { event, accountId, details, at }: Happened): boolean {
  if (event === 'session.opened') return details?.isNew === 1
  if (event === 'session.refused') return accountId !== null && wasRefusedOften(tx, accountId, at)
  if (event === 'passkey.added') return !isJustMade(tx, accountId, at)
  return true
}

function wasRefusedOften(tx: Orm, accountId: string, now: number): boolean {
  const isRefused = and(
    eq(auditEvents.accountId, accountId),
    gt(auditEvents.at, now - hour),
    eq(auditEvents.event, 'session.refused'),
  )
  return tx.select({ at: auditEvents.at }).from(auditEvents).where(isRefused).limit(several).all().length >= several
}

/** Whoever joins is asked to make a passkey; that is no news to them. */
function isJustMade(tx: Orm, accountId: string | null, now: number): boolean {
  const made = and(eq(accounts.id, accountId ?? ''), gt(accounts.createdAt, now - hour))
  return tx.select({ id: accounts.id }).from(accounts).where(made).get() !== undefined
}

/** Events of a sealed backup carry its own key, which is nobody's account. */
function readersOf(tx: Orm, { to }: NoticeKind, { accountId }: Happened): string[] {
  const is =
    to === 'keepers' ? and(eq(accounts.role, 'admin'), isNull(accounts.disabledAt)) : eq(accounts.id, accountId ?? '')
  return tx
    .select({ id: accounts.id })
    .from(accounts)
    .where(is)
    .all()
    .map(({ id }) => id)
}

function wasTold(tx: Orm, accountId: string, { hourly }: NoticeKind, happened: Happened): boolean {
  return tx
    .select({ address: notices.address, details: notices.details })
    .from(notices)
    .where(and(eq(notices.accountId, accountId), gt(notices.at, happened.at - hour), eq(notices.event, happened.event)))
    .all()
    .some(
      ({ address, details }) => hourly || (address === (happened.address ?? null) && details === detailsOf(happened)),
    )
}

function detailsOf({ details }: Happened): string | null {
  return details ? JSON.stringify(details) : null
}
