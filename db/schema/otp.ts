import { blob, index, integer, sqliteTable, text, uniqueIndex } from 'drizzle-orm/sqlite-core'
import { accounts } from './accounts.ts'

/** The number by which clients of the OTP protocol know a person (otp §2); the account itself has a UUID. */
export const otpUsers = sqliteTable(
  'otp_users',
  {
    id: integer().primaryKey({ autoIncrement: true }),
    accountId: text('account_id')
      .notNull()
      .references(() => accounts.id, { onDelete: 'cascade' }),
  },
  (table) => [uniqueIndex('otp_users_account').on(table.accountId)],
)

/** A device of an OTP client: a PIN, and the master key that it opens (otp §5). */
export const otpDevices = sqliteTable(
  'otp_devices',
  {
    id: integer().primaryKey({ autoIncrement: true }),
    accountId: text('account_id')
      .notNull()
      .references(() => accounts.id, { onDelete: 'cascade' }),
    name: text().notNull(),
    /** How the PIN is stretched: `$scrypt$ln=15,r=8,p=1$<salt>`. */
    stretching: text().notNull(),
    /** The master key under the PIN, and that under the server's key; the first byte is the version. */
    wrappedKey: blob('wrapped_key', { mode: 'buffer' }).notNull(),
    /** Wrong PINs lately, with the one that is being tried, and when the last of them was. */
    wrongPins: integer('wrong_pins').notNull().default(0),
    lastWrongAt: integer('wrong_since'),
    /** When the last lock began, and how many there were in a row; kept after it ended, for the next is longer. */
    lockedAt: integer('locked_at'),
    lockLevel: integer('lock_level').notNull().default(0),
    createdAt: integer('created_at').notNull(),
  },
  (table) => [index('otp_devices_account').on(table.accountId, table.id)],
)

export const otps = sqliteTable(
  'otps',
  {
    id: integer().primaryKey({ autoIncrement: true }),
    deviceId: integer('device_id')
      .notNull()
      .references(() => otpDevices.id, { onDelete: 'cascade' }),
    /** The label, in the clear. */
    account: text().notNull(),
    /** Under the device's master key; the first byte is the version. */
    secret: blob({ mode: 'buffer' }).notNull(),
    createdAt: integer('created_at').notNull(),
  },
  (table) => [index('otps_device').on(table.deviceId, table.id)],
)

/** Devices that came from the original; one that was deleted here since is not brought again. */
export const otpImports = sqliteTable('otp_imports', {
  /** SHA-256, hex, of salt and wrapped key as the original had them. */
  key: text().primaryKey(),
})
