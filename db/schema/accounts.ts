import { sql } from 'drizzle-orm'
import {
  type AnySQLiteColumn,
  blob,
  check,
  index,
  integer,
  sqliteTable,
  text,
  uniqueIndex,
} from 'drizzle-orm/sqlite-core'

/** One person is one account: e-mail and user name are two sign-in names of the same row (design §5). */
export const accounts = sqliteTable(
  'accounts',
  {
    id: text().primaryKey(),
    /** Trimmed and lower-cased; null for accounts made by user name alone. */
    email: text(),
    /** Lower-cased. */
    username: text(),
    /** PHC string, or an imported hash in its own format until the first sign-in. */
    passwordHash: text('password_hash').notNull(),
    role: text({ enum: ['admin', 'member'] }).notNull(),
    /** Bytes of live objects this person may keep; null = the server's default. */
    quotaBytes: integer('quota_bytes'),
    disabledAt: integer('disabled_at'),
    /**
     * When everything of theirs is deleted, because they or a keeper asked for it; `disabledAt` stands as well then, so
     * every door is shut. A keeper who disables the account for reasons of their own sets this back to null.
     */
    deleteAt: integer('delete_at'),
    /** A keeper shut it, or had it deleted: then a keeper alone opens it again. */
    shutByKeeper: integer('shut_by_keeper', { mode: 'boolean' }).notNull().default(false),
    /** Of the page they last signed in at, or chose, in words of BCP 47; letters follow it. Null = not known. */
    language: text(),
    /** When a keeper last asked them to look at their backups. */
    nudgedAt: integer('nudged_at'),
    /** By which they joined, if by any. */
    invitationId: text('invitation_id').references((): AnySQLiteColumn => invitations.id),
    createdAt: integer('created_at').notNull(),
  },
  (table) => [
    uniqueIndex('accounts_email').on(table.email),
    uniqueIndex('accounts_username').on(table.username),
    index('accounts_delete').on(table.deleteAt).where(sql`${table.deleteAt} is not null`),
    check('accounts_named', sql`${table.email} is not null or ${table.username} is not null`),
  ],
)

/** A sign-in that lasts; for cloud clients the token is the refresh token that is good now. */
export const sessions = sqliteTable(
  'sessions',
  {
    id: text().primaryKey(),
    accountId: text('account_id')
      .notNull()
      .references(() => accounts.id, { onDelete: 'cascade' }),
    kind: text({ enum: ['web', 'otp', 'cloud'] }).notNull(),
    /** SHA-256 of the token, hex. */
    tokenHash: text('token_hash').notNull(),
    deviceId: text('device_id'),
    userAgent: text('user_agent'),
    createdAt: integer('created_at').notNull(),
    lastSeenAt: integer('last_seen_at').notNull(),
    expiresAt: integer('expires_at').notNull(),
    /** When its holder last proved who they are, by signing in or once more since; null for apps' sessions. */
    provenAt: integer('proven_at'),
  },
  (table) => [
    uniqueIndex('sessions_token').on(table.tokenHash),
    index('sessions_account').on(table.accountId),
    index('sessions_device').on(table.deviceId),
  ],
)

/** Refresh tokens that were rotated away; showing one again gives the whole session up (RFC 9700 §4.14.2). */
export const spentTokens = sqliteTable(
  'spent_tokens',
  {
    tokenHash: text('token_hash').primaryKey(),
    sessionId: text('session_id')
      .notNull()
      .references(() => sessions.id, { onDelete: 'cascade' }),
  },
  (table) => [index('spent_tokens_session').on(table.sessionId)],
)

/** One live password-reset code an account (design §6). */
export const resetCodes = sqliteTable('reset_codes', {
  accountId: text('account_id')
    .primaryKey()
    .references(() => accounts.id, { onDelete: 'cascade' }),
  /** SHA-256 of the 64 hex characters, hex. */
  codeHash: text('code_hash').notNull(),
  attempts: integer().notNull(),
  createdAt: integer('created_at').notNull(),
  expiresAt: integer('expires_at').notNull(),
})

/** Passkeys by which people sign in to the pages; those of factor backups are factors. */
export const passkeys = sqliteTable(
  'passkeys',
  {
    /** Base64url. */
    credentialId: text('credential_id').primaryKey(),
    accountId: text('account_id')
      .notNull()
      .references(() => accounts.id, { onDelete: 'cascade' }),
    /** COSE key. */
    publicKey: blob('public_key', { mode: 'buffer' }).notNull(),
    algorithm: text({ enum: ['ES256', 'RS256'] }).notNull(),
    counter: integer().notNull(),
    /** It works only under this name. */
    rpId: text('rp_id').notNull(),
    label: text().notNull(),
    aaguid: text().notNull(),
    transports: text({ mode: 'json' }).$type<string[]>().notNull(),
    backupEligible: integer('backup_eligible', { mode: 'boolean' }).notNull(),
    backedUp: integer('backed_up', { mode: 'boolean' }).notNull(),
    createdAt: integer('created_at').notNull(),
    lastUsedAt: integer('last_used_at'),
  },
  (table) => [index('passkeys_account').on(table.accountId)],
)

/** Ways in for when everything else is lost; each is good once. */
export const recoveryCodes = sqliteTable(
  'recovery_codes',
  {
    /** SHA-256 of the code without its dashes, hex. */
    codeHash: text('code_hash').primaryKey(),
    accountId: text('account_id')
      .notNull()
      .references(() => accounts.id, { onDelete: 'cascade' }),
    createdAt: integer('created_at').notNull(),
    usedAt: integer('used_at'),
  },
  (table) => [index('recovery_codes_account').on(table.accountId)],
)

/** Leave to make accounts while registration is by invitation (design §5). */
export const invitations = sqliteTable(
  'invitations',
  {
    id: text().primaryKey(),
    /** SHA-256 of the code without its dashes, hex. */
    codeHash: text('code_hash').notNull(),
    role: text({ enum: ['admin', 'member'] }).notNull(),
    /** Of every account that is made with it; null = the server's default. */
    quotaBytes: integer('quota_bytes'),
    /** How many accounts may be made with it, and how many were. */
    uses: integer().notNull(),
    used: integer().notNull().default(0),
    /** Null = the keeper, from the command line. */
    madeBy: text('made_by').references(() => accounts.id, { onDelete: 'set null' }),
    createdAt: integer('created_at').notNull(),
    expiresAt: integer('expires_at').notNull(),
    revokedAt: integer('revoked_at'),
  },
  (table) => [uniqueIndex('invitations_code').on(table.codeHash)],
)
