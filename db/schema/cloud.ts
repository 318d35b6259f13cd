import { index, integer, primaryKey, sqliteTable, text } from 'drizzle-orm/sqlite-core'
import { accounts } from './accounts.ts'
import { blobs } from './blobs.ts'

/** Devices of cloud-backup clients, with the public keys they registered (contract C §2). */
export const devices = sqliteTable(
  'devices',
  {
    id: text().primaryKey(),
    accountId: text('account_id')
      .notNull()
      .references(() => accounts.id, { onDelete: 'cascade' }),
    name: text(),
    registrationId: integer('registration_id').notNull(),
    /** Standard base64 of 33 bytes, as are the other keys. */
    identityKey: text('identity_key').notNull(),
    signedPreKeyId: integer('signed_pre_key_id').notNull(),
    signedPreKey: text('signed_pre_key').notNull(),
    signedPreKeySignature: text('signed_pre_key_signature').notNull(),
    createdAt: integer('created_at').notNull(),
  },
  (table) => [index('devices_account').on(table.accountId)],
)

export const devicePreKeys = sqliteTable(
  'device_pre_keys',
  {
    deviceId: text('device_id')
      .notNull()
      .references(() => devices.id, { onDelete: 'cascade' }),
    keyId: integer('key_id').notNull(),
    publicKey: text('public_key').notNull(),
  },
  (table) => [primaryKey({ columns: [table.deviceId, table.keyId] })],
)

/** The pointer of a backup slot: a person's one slot, or a device's. */
export const cloudSlots = sqliteTable(
  'cloud_slots',
  {
    /** The account's id for a person's slot, the device's id for a device's. */
    ownerId: text('owner_id').primaryKey(),
    accountId: text('account_id')
      .notNull()
      .references(() => accounts.id, { onDelete: 'cascade' }),
    deviceId: text('device_id').references(() => devices.id, { onDelete: 'cascade' }),
    version: integer().notNull(),
    blobId: text('blob_id')
      .notNull()
      .references(() => blobs.id),
    updatedAt: integer('updated_at').notNull(),
  },
  (table) => [index('cloud_slots_account').on(table.accountId)],
)
