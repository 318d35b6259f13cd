import { integer, primaryKey, sqliteTable, text } from 'drizzle-orm/sqlite-core'
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
