import { index, integer, primaryKey, sqliteTable, text } from 'drizzle-orm/sqlite-core'
import { accounts } from './accounts.ts'

/** Wrong passwords and codes of late, so that a restart forgives nobody; the server counts in memory (`people/guesses.ts`). */
export const guesses = sqliteTable(
  'guesses',
  {
    /** SHA-256 of what was guessed at and from where. */
    key: text().primaryKey(),
    /** What was guessed at, e.g. an account id; null for a name that nobody has, since it may be a mistyped password. */
    subject: text(),
    /** IPv4 address or /64; empty for tries from anywhere. */
    address: text().notNull(),
    rule: text({ enum: ['place', 'anywhere'] }).notNull(),
    wrong: integer().notNull(),
    since: integer().notNull(),
    /** How often the keeper forgave; the server's own count is older than a higher number here. */
    lifts: integer().notNull(),
  },
  (table) => [index('guesses_subject').on(table.subject), index('guesses_since').on(table.since)],
)

/** From where somebody signed in before: what is not among them is told to them, and is locked out first. */
export const knownPlaces = sqliteTable(
  'known_places',
  {
    accountId: text('account_id')
      .notNull()
      .references(() => accounts.id, { onDelete: 'cascade' }),
    /** IPv4 address or /64. */
    address: text().notNull(),
    /** What the device calls itself, in short; empty when it says nothing. */
    device: text().notNull(),
    firstAt: integer('first_at').notNull(),
    /** 0 = not trusted any more, since the password was changed. */
    lastAt: integer('last_at').notNull(),
  },
  (table) => [primaryKey({ columns: [table.accountId, table.address, table.device] })],
)
