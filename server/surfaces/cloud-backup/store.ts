import { and, asc, count, desc, eq, max, notExists, sql } from 'drizzle-orm'
import type { Orm } from '#db/client.ts'
import { prepared, unplanned } from '#db/prepared.ts'
import { blobs, cloudSlots, devicePreKeys, devices } from '#db/schema/index.ts'
import type { Entrant } from '#server/people/still-in.ts'

export type DeviceRow = typeof devices.$inferSelect

/** Whose slot it is: a person's one slot, or one of their devices' (design §6). */
export type SlotOwner = { id: string; accountId: string; deviceId: string | null }

/** Who changes a slot: what let them in, and which device's slot it is, null for their own. */
export type SlotActor = Entrant & { deviceId: string | null }

/** The slot that a token addresses: a device-scoped one its device's, a user-scoped one the person's. */
export function slotOf({ accountId, deviceId }: { accountId: string; deviceId: string | null }): SlotOwner {
  return { id: deviceId ?? accountId, accountId, deviceId }
}

export type Slot = { version: number; blobId: string; size: number; sha256: string; updatedAt: number }

const queries = prepared((db) => ({
  slot: db
    .select({
      version: cloudSlots.version,
      blobId: cloudSlots.blobId,
      size: blobs.size,
      sha256: blobs.sha256,
      updatedAt: cloudSlots.updatedAt,
    })
    .from(cloudSlots)
    .innerJoin(blobs, eq(blobs.id, cloudSlots.blobId))
    .where(eq(cloudSlots.ownerId, unplanned('ownerId')))
    .prepare(),
  point: db
    .insert(cloudSlots)
    .values({
      ownerId: sql.placeholder('ownerId'),
      accountId: sql.placeholder('accountId'),
      deviceId: sql.placeholder('deviceId'),
      version: sql.placeholder('version'),
      blobId: sql.placeholder('blobId'),
      updatedAt: sql.placeholder('updatedAt'),
    })
    .onConflictDoUpdate({
      target: cloudSlots.ownerId,
      set: { version: sql`excluded.version`, blobId: sql`excluded.blob_id`, updatedAt: sql`excluded.updated_at` },
    })
    .prepare(),
}))

export function readSlot(db: Orm, owner: SlotOwner): Slot | undefined {
  return queries(db).slot.get({ ownerId: owner.id })
}

export function pointSlotAt(db: Orm, owner: SlotOwner, blobId: string, version: number, updatedAt: number): void {
  const { id: ownerId, accountId, deviceId } = owner
  queries(db).point.run({ ownerId, accountId, deviceId, version, blobId, updatedAt })
}

/** A slot as a list shows it. */
export type ListedSlot = Pick<Slot, 'version' | 'size' | 'updatedAt'> & {
  deviceId: string | null
  /** Its object was found missing or changed. */
  isDamaged: boolean
}

/** The person's own slot and those of their devices, as far as something was ever stored in them. */
export function listSlots(db: Orm, accountId: string): ListedSlot[] {
  return db
    .select({
      deviceId: cloudSlots.deviceId,
      version: cloudSlots.version,
      size: blobs.size,
      updatedAt: cloudSlots.updatedAt,
      state: blobs.state,
    })
    .from(cloudSlots)
    .innerJoin(blobs, eq(blobs.id, cloudSlots.blobId))
    .where(eq(cloudSlots.accountId, accountId))
    .all()
    .map(({ state, ...slot }) => ({ ...slot, isDamaged: state === 'quarantined' }))
}

/** Devices that were removed while the history still holds what they stored, the last removed first. */
export function listRemovedDevices(db: Orm, accountId: string): Array<{ deviceId: string; removedAt: number }> {
  const removedAt = max(blobs.supersededAt)
  return db
    .select({ deviceId: blobs.ownerId, removedAt })
    .from(blobs)
    .where(
      and(
        eq(blobs.accountId, accountId),
        eq(blobs.ownerKind, 'cloud'),
        eq(blobs.state, 'superseded'),
        sql`${blobs.ownerId} <> ${accountId}`,
        notExists(db.select({ one: sql`1` }).from(devices).where(eq(devices.id, blobs.ownerId))),
      ),
    )
    .groupBy(blobs.ownerId)
    .orderBy(desc(removedAt))
    .all()
    .map((row) => ({ deviceId: row.deviceId, removedAt: row.removedAt ?? 0 }))
}

export function deleteSlot(db: Orm, ownerId: string): void {
  db.delete(cloudSlots).where(eq(cloudSlots.ownerId, ownerId)).run()
}

/** Oldest first. */
export function listDevices(db: Orm, accountId: string): DeviceRow[] {
  return db
    .select()
    .from(devices)
    .where(eq(devices.accountId, accountId))
    .orderBy(asc(devices.createdAt), asc(devices.id))
    .all()
}

export function readDevice(db: Orm, accountId: string, id: string): DeviceRow | undefined {
  return db
    .select()
    .from(devices)
    .where(and(eq(devices.id, id.toLowerCase()), eq(devices.accountId, accountId)))
    .get()
}

export function countDevices(db: Orm, accountId: string): number {
  return db.select({ n: count() }).from(devices).where(eq(devices.accountId, accountId)).get()?.n ?? 0
}

export function insertDevice(db: Orm, device: DeviceRow): void {
  db.insert(devices).values(device).run()
}

export function updateDevice(db: Orm, id: string, changes: Partial<Omit<DeviceRow, 'id' | 'accountId'>>): void {
  db.update(devices).set(changes).where(eq(devices.id, id)).run()
}

export function deleteDevice(db: Orm, id: string): void {
  db.delete(devices).where(eq(devices.id, id)).run()
}

const mostPreKeys = 1000

/** Add one-time keys, the newest thousand of a device; a key id that comes again replaces the old key. */
export function insertPreKeys(db: Orm, deviceId: string, keys: Array<{ keyId: number; publicKey: string }>): void {
  for (const { keyId, publicKey } of keys)
    db.insert(devicePreKeys)
      .values({ deviceId, keyId, publicKey })
      .onConflictDoUpdate({ target: [devicePreKeys.deviceId, devicePreKeys.keyId], set: { publicKey } })
      .run()
  db.run(sql`delete from device_pre_keys where device_id = ${deviceId} and key_id not in
    (select key_id from device_pre_keys where device_id = ${deviceId} order by key_id desc limit ${mostPreKeys})`)
}

export function deletePreKeys(db: Orm, deviceId: string): void {
  db.delete(devicePreKeys).where(eq(devicePreKeys.deviceId, deviceId)).run()
}
