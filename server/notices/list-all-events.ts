import { and, desc, eq, gte, isNull, lt, or, type SQL, sql } from 'drizzle-orm'
import type { Orm } from '#db/client.ts'
import { accounts, auditEvents } from '#db/schema/index.ts'
import type { AuditEvent } from './audit.ts'
import type { EventCursor, ListedEvent } from './list-events.ts'

/** What keepers look for, and the events that belong to it. */
export const eventKinds = {
  signIns: ['session.%'],
  refused: [
    'session.refused',
    'session.locked',
    'session.replayed',
    'reset.refused',
    'invitation.refused',
    'pairing.refused',
    'otp.pin_refused',
    'otp.device_locked',
  ],
  waysIn: ['passkey.%', 'recovery.%', 'pairing.%', 'reset.%', 'account.password_changed', 'factors.factor_%'],
  people: ['account.%', 'invitation.%'],
  kept: ['object.%', 'persona.%', 'device.%', 'otp.%', 'factors.%', 'log.%'],
  server: ['server.%', 'snapshot.%', 'storage.%', 'store.%', 'disk.%', 'mail.%', 'object.quarantined'],
} as const

export type EventKind = keyof typeof eventKinds

export type EventFilter = {
  kind: EventKind | null
  /** An account id; `nobody` = what happened to no account. */
  person: string | null
  /** Milliseconds, inclusive and exclusive. */
  from: number | null
  until: number | null
  address: string | null
}

/** An event with whom it happened to; `person` is null for nobody, for somebody deleted, and for a sealed backup. */
export type SeenEvent = ListedEvent & { accountId: string | null; person: string | null }

/**
 * What happened to everybody, the latest first.
 *
 * @param before  go on after this one; null for the start
 */
export function listAllEvents(
  db: Orm,
  filter: EventFilter,
  { before, limit }: { before: EventCursor | null; limit: number },
): SeenEvent[] {
  return db
    .select({ event: auditEvents, email: accounts.email, username: accounts.username })
    .from(auditEvents)
    .leftJoin(accounts, eq(accounts.id, auditEvents.accountId))
    .where(and(...conditionsOf(filter), before ? isBefore(before) : undefined))
    .orderBy(desc(auditEvents.at), desc(auditEvents.id))
    .limit(limit)
    .all()
    .map(({ event, email, username }) => ({
      ...event,
      event: event.event as AuditEvent['event'],
      details: event.details ? JSON.parse(event.details) : {},
      person: email ?? username,
    }))
}

function conditionsOf({ kind, person, from, until, address }: EventFilter): Array<SQL | undefined> {
  return [
    kind === null ? undefined : or(...eventKinds[kind].map((pattern) => sql`${auditEvents.event} like ${pattern}`)),
    person === null ? undefined : person === 'nobody' ? isNull(accounts.id) : eq(auditEvents.accountId, person),
    from === null ? undefined : gte(auditEvents.at, from),
    until === null ? undefined : lt(auditEvents.at, until),
    address === null ? undefined : eq(auditEvents.address, address),
  ]
}

function isBefore({ at, id }: EventCursor): SQL | undefined {
  return or(lt(auditEvents.at, at), and(eq(auditEvents.at, at), lt(auditEvents.id, id)))
}
