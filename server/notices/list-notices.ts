import { and, count, desc, eq, inArray, isNull, lte } from 'drizzle-orm'
import type { Database, Orm } from '#db/client.ts'
import { notices } from '#db/schema/index.ts'
import type { Clock } from '#server/kit/clock.ts'
import type { ListedEvent } from './list-events.ts'

export type Notice = ListedEvent

/** What somebody has not taken note of yet, the latest first. */
export function listUnread(db: Orm, accountId: string, limit: number): Notice[] {
  return db
    .select()
    .from(notices)
    .where(isUnread(accountId))
    .orderBy(desc(notices.at), desc(notices.id))
    .limit(limit)
    .all()
    .map(({ id, at, event, address, details }) => ({
      id,
      at,
      event: event as Notice['event'],
      address,
      details: details ? JSON.parse(details) : {},
    }))
}

export function countUnread(db: Orm, accountId: string): number {
  return db.select({ n: count() }).from(notices).where(isUnread(accountId)).get()?.n ?? 0
}

/** Somebody took note of these; those of others stay as they are. */
export async function markRead(
  ctx: { db: Database; clock: Clock },
  accountId: string,
  which: { ids: string[] } | { until: number },
): Promise<void> {
  const these = 'ids' in which ? inArray(notices.id, which.ids) : lte(notices.at, which.until)
  await ctx.db.write((tx) =>
    tx
      .update(notices)
      .set({ readAt: ctx.clock.now() })
      .where(and(isUnread(accountId), these))
      .run(),
  )
}

function isUnread(accountId: string) {
  return and(eq(notices.accountId, accountId), isNull(notices.readAt))
}
