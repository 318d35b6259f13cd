import { index, integer, sqliteTable, text } from 'drizzle-orm/sqlite-core'
import { accounts } from './accounts.ts'

/** Codes by which a device comes to trust this server, while they are good. None of it opens anything by itself. */
export const pairings = sqliteTable(
  'pairings',
  {
    /** The first group of the code; no secret. */
    id: text().primaryKey(),
    /** SHA-256 of the ticket, hex; the ticket is stretched from the code. */
    ticketHash: text('ticket_hash').notNull(),
    /** Vouches for the CA to whoever knows the code, base64url; its key is kept nowhere. */
    mac: text().notNull(),
    /** SHA-256 of the CA in pairs; null where others vouch for this server. */
    caFingerprint: text('ca_fingerprint'),
    /** Wrong tickets for this code. */
    tries: integer().notNull().default(0),
    /** Null = the keeper, from the command line. */
    madeBy: text('made_by').references(() => accounts.id, { onDelete: 'cascade' }),
    createdAt: integer('created_at').notNull(),
    expiresAt: integer('expires_at').notNull(),
    usedAt: integer('used_at'),
  },
  (table) => [index('pairings_maker').on(table.madeBy)],
)
