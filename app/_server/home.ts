import { type Overview, readOverview } from '#server/home/read-overview.ts'
import type { EventCursor, ListedEvent } from '#server/notices/list-events.ts'
import { listEvents } from '#server/notices/list-events.ts'
import { house } from './house.ts'
import type { Member } from './member.ts'

export type { Concern } from '#server/home/find-concerns.ts'
export type { KeptSlot } from '#server/home/read-cloud.ts'
export type { EventCursor, ListedEvent, Overview }

/** Everything the member has here, and the time it was looked at. */
export function overviewOf(member: Member): Overview & { now: number } {
  const { ctx } = house()
  return { ...readOverview(ctx, member.accountId), now: ctx.clock.now() }
}

export function eventsOf(
  member: Member,
  page: { before: EventCursor | null; limit: number },
): { events: ListedEvent[]; now: number } {
  const { ctx } = house()
  return { events: listEvents(ctx.db.read, member.accountId, page), now: ctx.clock.now() }
}
