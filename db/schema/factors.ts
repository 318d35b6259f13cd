import { sql } from 'drizzle-orm'
import { index, integer, primaryKey, sqliteTable, text, uniqueIndex } from 'drizzle-orm/sqlite-core'
import { accounts } from './accounts.ts'
import { blobs } from './blobs.ts'

/**
 * A sealed backup that is managed by factors (contract factor-backup). Deleting one keeps the row until the history
 * ends, so that a main factor can bring it back; the same public id may be created anew meanwhile.
 */
export const factorBackups = sqliteTable(
  'factor_backups',
  {
    /** Ours, never on the wire; also the `accountId` of its blobs, so that each backup has a quota of its own. */
    key: text().primaryKey(),
    /** `backup_account_…`, lower-case. */
    id: text().notNull(),
    /** Of the current version: 64 lower-case hex characters that the client made up. */
    manifestHash: text('manifest_hash').notNull(),
    /** Null when the reaper took the object of a deleted backup. */
    blobId: text('blob_id').references(() => blobs.id, { onDelete: 'set null' }),
    version: integer().notNull(),
    createdAt: integer('created_at').notNull(),
    updatedAt: integer('updated_at').notNull(),
    deletedAt: integer('deleted_at'),
  },
  (table) => [
    uniqueIndex('factor_backups_id').on(table.id).where(sql`${table.deletedAt} is null`),
    index('factor_backups_deleted').on(table.deletedAt),
  ],
)

/** The manifest hash of every version that the history may still hold. */
export const factorBackupVersions = sqliteTable(
  'factor_backup_versions',
  {
    backupKey: text('backup_key')
      .notNull()
      .references(() => factorBackups.key, { onDelete: 'cascade' }),
    version: integer().notNull(),
    manifestHash: text('manifest_hash').notNull(),
  },
  (table) => [primaryKey({ columns: [table.backupKey, table.version] })],
)

/** Main and sync factors. A removed one keeps its row until the grace period ends. */
export const factors = sqliteTable(
  'factors',
  {
    /** UUID v4, on the wire. */
    id: text().primaryKey(),
    backupKey: text('backup_key')
      .notNull()
      .references(() => factorBackups.key, { onDelete: 'cascade' }),
    scope: text({ enum: ['MAIN', 'SYNC'] }).notNull(),
    kind: text({ enum: ['PASSKEY', 'OIDC_ACCOUNT', 'EC_KEYPAIR'] }).notNull(),
    /** What finds the factor: credential id, issuer and subject, or public key; unique per scope among live factors. */
    lookupKey: text('lookup_key').notNull(),
    /** JSON by kind, `FactorData` in server/surfaces/factors/factor-data.ts. */
    data: text().notNull(),
    /** Order of insertion. */
    position: integer().notNull(),
    /** What its owner's pages call a sync device; never on the wire. */
    label: text(),
    createdAt: integer('created_at').notNull(),
    lastUsedAt: integer('last_used_at'),
    removedAt: integer('removed_at'),
  },
  (table) => [
    uniqueIndex('factors_lookup').on(table.scope, table.lookupKey).where(sql`${table.removedAt} is null`),
    index('factors_backup').on(table.backupKey, table.scope, table.position),
    index('factors_removed').on(table.removedAt),
  ],
)

/** Backup keys as clients encrypted them, at most one of a kind that is not removed. */
export const encryptionKeys = sqliteTable(
  'encryption_keys',
  {
    id: text().primaryKey(),
    backupKey: text('backup_key')
      .notNull()
      .references(() => factorBackups.key, { onDelete: 'cascade' }),
    kind: text({ enum: ['PRF', 'ICLOUD', 'TURNKEY'] }).notNull(),
    /** JSON of the whole key as it came. */
    data: text().notNull(),
    position: integer().notNull(),
    removedAt: integer('removed_at'),
  },
  (table) => [
    uniqueIndex('encryption_keys_kind').on(table.backupKey, table.kind).where(sql`${table.removedAt} is null`),
  ],
)

/** What may be used once: challenge tokens, OIDC nonces. Held until it would have run out anyway. */
export const usedTokens = sqliteTable(
  'used_tokens',
  {
    /** SHA-256, hex. */
    hash: text().primaryKey(),
    /** Proofs that failed on it; the fifth uses it up. */
    failures: integer().notNull(),
    used: integer({ mode: 'boolean' }).notNull(),
    expiresAt: integer('expires_at').notNull(),
  },
  (table) => [index('used_tokens_expiry').on(table.expiresAt)],
)

/** Handed out by a retrieve, good for adding one sync factor (factor-backup §4.4). */
export const syncFactorTokens = sqliteTable(
  'sync_factor_tokens',
  {
    /** SHA-256, hex. */
    hash: text().primaryKey(),
    backupKey: text('backup_key')
      .notNull()
      .references(() => factorBackups.key, { onDelete: 'cascade' }),
    expiresAt: integer('expires_at').notNull(),
    usedAt: integer('used_at'),
  },
  (table) => [index('sync_factor_tokens_expiry').on(table.expiresAt)],
)

/**
 * Which backups are whose, for the pages of people with an account. Gives no right to anything: what opens and changes a
 * backup are its factors.
 */
export const factorBackupLinks = sqliteTable(
  'factor_backup_links',
  {
    accountId: text('account_id')
      .notNull()
      .references(() => accounts.id, { onDelete: 'cascade' }),
    backupKey: text('backup_key')
      .notNull()
      .references(() => factorBackups.key, { onDelete: 'cascade' }),
    /** The person's own word for it; the server can read it. */
    name: text().notNull(),
    createdAt: integer('created_at').notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.accountId, table.backupKey] }),
    index('factor_backup_links_backup').on(table.backupKey),
  ],
)
