import { index, integer, sqliteTable, text } from 'drizzle-orm/sqlite-core'

/**
 * One row an object in the store (design §4). A row outlives its owner: history and grace periods go by it, and the
 * reaper takes object and row together.
 */
export const blobs = sqliteTable(
  'blobs',
  {
    id: text().primaryKey(),
    size: integer().notNull(),
    /** Of the whole object, hex. */
    sha256: text().notNull(),
    /** Of the whole object; null in rows of older versions. Cheap enough to check at every download. */
    crc32: integer(),
    state: text({ enum: ['live', 'superseded', 'quarantined', 'reaping'] }).notNull(),
    /** Which kind of kept object points here, e.g. `cloud`, `persona`. */
    ownerKind: text('owner_kind').notNull(),
    /** Identity of the kept object within its kind, e.g. account id or device id. */
    ownerId: text('owner_id').notNull(),
    /** Whose quota it counts against; no foreign key, so that deleting a person loses no bytes before the grace ends. */
    accountId: text('account_id').notNull(),
    version: integer().notNull(),
    mediaType: text('media_type'),
    createdAt: integer('created_at').notNull(),
    supersededAt: integer('superseded_at'),
    /** Why the object is in quarantine: `missing`, `size`, `hash` or `unreadable`. */
    fault: text(),
  },
  (table) => [
    index('blobs_owner').on(table.ownerKind, table.ownerId, table.version),
    index('blobs_account').on(table.accountId, table.state, table.size),
    index('blobs_superseded').on(table.state, table.supersededAt),
  ],
)
