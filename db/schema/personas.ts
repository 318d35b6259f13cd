import { index, integer, primaryKey, sqliteTable, text } from 'drizzle-orm/sqlite-core'
import { accounts } from './accounts.ts'
import { blobs } from './blobs.ts'

/** Named zip backups of one person (contract A). */
export const personas = sqliteTable(
  'personas',
  {
    accountId: text('account_id')
      .notNull()
      .references(() => accounts.id, { onDelete: 'cascade' }),
    /** The percent-decoded path segment, as given. */
    personaId: text('persona_id').notNull(),
    contentType: text('content_type').notNull(),
    blobId: text('blob_id')
      .notNull()
      .references(() => blobs.id),
    version: integer().notNull(),
    updatedAt: integer('updated_at').notNull(),
  },
  (table) => [primaryKey({ columns: [table.accountId, table.personaId] })],
)

/**
 * The last version of a persona that was deleted, which outlives its history: a version that comes again with other bytes
 * would pass for the one that a device knows. Of its name there is a hash, and no more.
 */
export const personaTombstones = sqliteTable(
  'persona_tombstones',
  {
    accountId: text('account_id')
      .notNull()
      .references(() => accounts.id, { onDelete: 'cascade' }),
    /** SHA-256 of the name, hex. */
    nameHash: text('name_hash').notNull(),
    version: integer().notNull(),
    deletedAt: integer('deleted_at').notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.accountId, table.nameHash] }),
    index('persona_tombstones_deleted').on(table.accountId, table.deletedAt),
  ],
)
