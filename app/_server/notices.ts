import { countUnread, listUnread, markRead, type Notice } from '#server/notices/list-notices.ts'
import { house } from './house.ts'
import type { Member } from './member.ts'

export type { Notice }

const mostShown = 5

/** What the member has not taken note of yet: the latest few, and how many there are. */
export function noticesOf({ accountId }: Member): { notices: Notice[]; total: number; now: number } {
  const { ctx } = house()
  const { read } = ctx.db
  return { notices: listUnread(read, accountId, mostShown), total: countUnread(read, accountId), now: ctx.clock.now() }
}

export function countNoticesOf({ accountId }: Member): number {
  return countUnread(house().ctx.db.read, accountId)
}

/** @param which  ids, or all up to a time in milliseconds, so that none goes that came since */
export function dismissNoticesOf({ accountId }: Member, which: { ids: string[] } | { until: number }): Promise<void> {
  return markRead(house().ctx, accountId, which)
}
