import { isNotNull } from 'drizzle-orm'
import { blob, index, integer, sqliteTable, text, uniqueIndex } from 'drizzle-orm/sqlite-core'
import { accounts } from './accounts.ts'

/** One row a public key of the operation log (oplog-sync §5). The key itself is a capability and is kept nowhere. */
export const oplogUsers = sqliteTable(
  'oplog_users',
  {
    id: integer().primaryKey({ autoIncrement: true }),
    /** SHA-256 of the key as it was sent, hex; something else once the log is deleted and only waits to be pruned. */
    userHash: text('user_hash').notNull(),
    /** Who linked it to themselves, if anybody did. */
    accountId: text('account_id').references(() => accounts.id, { onDelete: 'set null' }),
    name: text(),
    /** Counts of what is stored, so that no upload has to sum anything up. */
    operations: integer().notNull().default(0),
    bytes: integer().notNull().default(0),
    clients: integer().notNull().default(0),
    /** The owner's own limits; null = the server's. */
    quotaBytes: integer('quota_bytes'),
    quotaOperations: integer('quota_operations'),
    frozenAt: integer('frozen_at'),
    /** Since when only those who proved that they have the private key get in. */
    proofRequiredAt: integer('proof_required_at'),
    createdAt: integer('created_at').notNull(),
    lastOperationAt: integer('last_operation_at'),
    deletedAt: integer('deleted_at'),
  },
  (table) => [
    uniqueIndex('oplog_users_hash').on(table.userHash),
    index('oplog_users_account').on(table.accountId),
    index('oplog_users_deleted').on(table.deletedAt).where(isNotNull(table.deletedAt)),
  ],
)

/** What is stored of each client, so that "nothing new" is known from these rows alone. */
export const oplogClients = sqliteTable(
  'oplog_clients',
  {
    id: integer().primaryKey({ autoIncrement: true }),
    userId: integer('user_id')
      .notNull()
      .references(() => oplogUsers.id, { onDelete: 'cascade' }),
    /** As first sent. */
    clientId: text('client_id').notNull(),
    /** Lower-cased. */
    clientKey: text('client_key').notNull(),
    highest: integer().notNull(),
    /** Every index from 0 to here is stored; -1 when 0 is missing. */
    contiguous: integer().notNull(),
    /** Whether operations arrived in ascending order of their indexes so far. */
    inOrder: integer('in_order', { mode: 'boolean' }).notNull(),
    operations: integer().notNull(),
    firstSeq: integer('first_seq').notNull(),
    lastSeq: integer('last_seq').notNull(),
  },
  (table) => [uniqueIndex('oplog_clients_user').on(table.userId, table.clientKey)],
)

/** One row an operation, in order of arrival. */
export const operations = sqliteTable(
  'operations',
  {
    /** Never used again after a deletion, which is what cursors rest on. */
    seq: integer().primaryKey({ autoIncrement: true }),
    userId: integer('user_id')
      .notNull()
      .references(() => oplogUsers.id, { onDelete: 'cascade' }),
    client: integer()
      .notNull()
      .references(() => oplogClients.id, { onDelete: 'cascade' }),
    operationIndex: integer('operation_index').notNull(),
    /** Of the payload as UTF-8: a tag for people and clients, no proof of equality (oplog-sync D19). */
    md5: blob({ mode: 'buffer' }).notNull(),
    /** Of the payload as a JSON string: what decides whether two payloads are the same. */
    sha256: blob({ mode: 'buffer' }).notNull(),
    /** Of the payload as UTF-8, bytes. */
    size: integer().notNull(),
    /** The line as it is answered, `\n` included, so that a page of the log is copied and not built. Null = in the store. */
    line: text(),
    /** Where the line is when it is long. No foreign key: dropping an object would search this table for it. */
    blobId: text('blob_id'),
    createdAt: integer('created_at').notNull(),
  },
  (table) => [
    uniqueIndex('operations_slot').on(table.client, table.operationIndex),
    // All that is needed to choose what to answer, without touching the rows.
    index('operations_log').on(table.userId, table.seq, table.client, table.operationIndex),
    index('operations_large').on(table.userId, table.seq).where(isNotNull(table.blobId)),
  ],
)

/** Codes by which an app that has the private key links a log to whoever made the code; each is good once. */
export const oplogLinkCodes = sqliteTable(
  'oplog_link_codes',
  {
    /** SHA-256 of the code without its dashes, hex. */
    codeHash: text('code_hash').primaryKey(),
    accountId: text('account_id')
      .notNull()
      .references(() => accounts.id, { onDelete: 'cascade' }),
    expiresAt: integer('expires_at').notNull(),
  },
  // One a person: a new one ends the one before.
  (table) => [uniqueIndex('oplog_link_codes_account').on(table.accountId)],
)
