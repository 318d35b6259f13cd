import { and, desc, eq, lt, or } from 'drizzle-orm'
import type { Orm } from '#db/client.ts'
import { auditEvents } from '#db/schema/index.ts'
import type { AuditEvent } from './audit.ts'

/** Something that happened to a person, as it was written down. */
export type ListedEvent = {
  id: string
  /** Milliseconds. */
  at: number
  event: AuditEvent['event']
  address: string | null
  details: Record<string, string | number | null>
}

/** Where a page of events ended. */
export type EventCursor = Pick<ListedEvent, 'at' | 'id'>

/**
 * What happened to somebody, the latest first.
 *
 * @param before  go on after this one; null for the start
 */
export function listEvents(
  db: Orm,
  accountId: string,
  { before, limit }: { before: EventCursor | null; limit: number },
): ListedEvent[] {
  const older = before
    ? or(lt(auditEvents.at, before.at), and(eq(auditEvents.at, before.at), lt(auditEvents.id, before.id)))
    : undefined
  return db
    .select()
    .from(auditEvents)
    .where(and(eq(auditEvents.accountId, accountId), older))
    .orderBy(desc(auditEvents.at), desc(auditEvents.id))
    .limit(limit)
    .all()
    .map((row) => ({
      id: row.id,
      at: row.at,
      event: row.event as AuditEvent['event'],
      address: row.address,
      details: row.details ? JSON.parse(row.details) : {},
    }))
}
