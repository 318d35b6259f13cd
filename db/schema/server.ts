import { sql } from 'drizzle-orm'
import { index, integer, sqliteTable, text } from 'drizzle-orm/sqlite-core'
import { accounts } from './accounts.ts'

/** Settings changed at run time; the environment beats them (design §7). */
export const settings = sqliteTable('settings', {
  name: text().primaryKey(),
  /** JSON. */
  value: text().notNull(),
})

/** What happened to whom, in the words of `notices`; kept without a foreign key so that it outlives the person. */
export const auditEvents = sqliteTable(
  'audit_events',
  {
    id: text().primaryKey(),
    at: integer().notNull(),
    accountId: text('account_id'),
    /** E.g. `session.refused`, `object.quarantined`. */
    event: text().notNull(),
    address: text(),
    /** JSON, never a secret. */
    details: text(),
  },
  (table) => [index('audit_events_account').on(table.accountId, table.at), index('audit_events_at').on(table.at)],
)

/** What somebody is told of events, on their pages and by mail; written in the transaction of the event. */
export const notices = sqliteTable(
  'notices',
  {
    id: text().primaryKey(),
    /** Who is told, not always whom it happened to. */
    accountId: text('account_id')
      .notNull()
      .references(() => accounts.id, { onDelete: 'cascade' }),
    at: integer().notNull(),
    /** As in `audit_events`. */
    event: text().notNull(),
    address: text(),
    /** JSON, never a secret. */
    details: text(),
    readAt: integer('read_at'),
    /** When a mail about it was queued; null = none was (yet). */
    mailedAt: integer('mailed_at'),
  },
  (table) => [
    index('notices_account').on(table.accountId, table.at),
    index('notices_unmailed').on(table.at).where(sql`${table.mailedAt} is null`),
  ],
)

/** Mail waiting to be sent; written in the transaction that caused it (design §6). */
export const outbox = sqliteTable(
  'outbox',
  {
    id: text().primaryKey(),
    recipient: text().notNull(),
    subject: text().notNull(),
    text: text().notNull(),
    html: text().notNull(),
    createdAt: integer('created_at').notNull(),
    attempts: integer().notNull(),
    nextAttemptAt: integer('next_attempt_at').notNull(),
    /** The mail is worthless and dropped afterwards, e.g. a reset code that ran out. */
    expiresAt: integer('expires_at').notNull(),
  },
  (table) => [index('outbox_next').on(table.nextAttemptAt)],
)

/** Last run of every scheduled job. */
export const jobs = sqliteTable('jobs', {
  name: text().primaryKey(),
  startedAt: integer('started_at'),
  finishedAt: integer('finished_at'),
  /** `ok`, or the words of the error. */
  outcome: text(),
  /** JSON of the job's own making, to go on from after a stop. */
  checkpoint: text(),
})
