import { integer, sqliteTable, text } from 'drizzle-orm/sqlite-core'

/** Objects that are in the new place, compared with what was written; while the store moves, and until it has moved. */
export const movedObjects = sqliteTable('moved_objects', {
  id: text().primaryKey(),
  /** Why there is no whole copy of it: `missing`, `unreadable`, or `damaged` (copied as it is). */
  fault: text(),
})

/** How much was kept on a day: the last look of it. Bytes. */
export const storageSamples = sqliteTable('storage_samples', {
  /** `2026-11-21`, UTC. */
  day: text().primaryKey(),
  at: integer().notNull(),
  objects: integer().notNull(),
  live: integer().notNull(),
  history: integer().notNull(),
  quarantined: integer().notNull(),
})
