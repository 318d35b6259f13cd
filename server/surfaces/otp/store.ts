import { and, asc, count, eq, gt, sql } from 'drizzle-orm'
import type { Orm } from '#db/client.ts'
import { prepared, unplanned } from '#db/prepared.ts'
import { otpDevices, otpImports, otps, otpUsers } from '#db/schema/index.ts'
import type { PinLock } from './pin-lock.ts'

export type DeviceRow = typeof otpDevices.$inferSelect
export type OtpRow = typeof otps.$inferSelect

const queries = prepared((db) => ({
  userId: db
    .select({ id: otpUsers.id })
    .from(otpUsers)
    .where(eq(otpUsers.accountId, sql.placeholder('accountId')))
    .prepare(),
  device: db
    .select()
    .from(otpDevices)
    .where(eq(otpDevices.id, sql.placeholder('id')))
    .prepare(),
  devices: db
    .select()
    .from(otpDevices)
    .where(eq(otpDevices.accountId, sql.placeholder('accountId')))
    .orderBy(asc(otpDevices.id))
    .prepare(),
  otps: db
    .select()
    .from(otps)
    .where(and(eq(otps.deviceId, sql.placeholder('deviceId')), gt(otps.id, sql.placeholder('after'))))
    .orderBy(asc(otps.id))
    .limit(sql.placeholder('limit'))
    .prepare(),
  otpsOf: db
    .select({
      count: count(),
      bytes: sql<number>`coalesce(sum(length(${otps.secret}) + octet_length(${otps.account})), 0)`,
    })
    .from(otps)
    .innerJoin(otpDevices, eq(otpDevices.id, otps.deviceId))
    .where(eq(otpDevices.accountId, unplanned('accountId')))
    .prepare(),
  insertOtp: db
    .insert(otps)
    .values({
      id: sql.placeholder('id'),
      deviceId: sql.placeholder('deviceId'),
      account: sql.placeholder('account'),
      secret: sql.placeholder('secret'),
      createdAt: sql.placeholder('createdAt'),
    })
    .prepare(),
  last: db
    .select({ id: sql<number>`seq` })
    .from(sql`sqlite_sequence`)
    .where(sql`name = ${sql.placeholder('table')}`)
    .prepare(),
  setSecret: db
    .update(otps)
    .set({ secret: sql`${sql.placeholder('secret')}` })
    .where(eq(otps.id, sql.placeholder('id')))
    .prepare(),
}))

/** The number by which OTP clients know a person, if they were ever asked for it. */
export function readUserId(db: Orm, accountId: string): number | undefined {
  return queries(db).userId.get({ accountId })?.id
}

/** The same, made when there is none. */
export function claimUserId(db: Orm, accountId: string): number {
  db.insert(otpUsers).values({ accountId }).onConflictDoNothing().run()
  return readUserId(db, accountId) ?? 0
}

/** Somebody else's device is no device (otp §3). */
export function readDevice(db: Orm, accountId: string, id: number): DeviceRow | undefined {
  const device = queries(db).device.get({ id })
  return device?.accountId === accountId ? device : undefined
}

/** Ascending by id. */
export function listDevices(db: Orm, accountId: string): DeviceRow[] {
  return queries(db).devices.all({ accountId })
}

export function countDevices(db: Orm, accountId: string): number {
  return db.select({ n: count() }).from(otpDevices).where(eq(otpDevices.accountId, accountId)).get()?.n ?? 0
}

/** The next number, never given before: what is kept in a row is sealed for its number, so it must be known first. */
export function nextId(tx: Orm, table: 'otp_devices' | 'otps'): number {
  return (queries(tx).last.get({ table })?.id ?? 0) + 1
}

export function insertDevice(db: Orm, device: typeof otpDevices.$inferInsert): void {
  db.insert(otpDevices).values(device).run()
}

export function renameDeviceRow(db: Orm, id: number, name: string): void {
  db.update(otpDevices).set({ name }).where(eq(otpDevices.id, id)).run()
}

export function setDeviceKey(db: Orm, id: number, key: Pick<DeviceRow, 'stretching' | 'wrappedKey'>): void {
  db.update(otpDevices).set(key).where(eq(otpDevices.id, id)).run()
}

export function setPinLock(db: Orm, id: number, { wrongPins, lastWrongAt, lockedAt, lockLevel }: PinLock): void {
  db.update(otpDevices).set({ wrongPins, lastWrongAt, lockedAt, lockLevel }).where(eq(otpDevices.id, id)).run()
}

export function deleteDeviceRow(db: Orm, id: number): void {
  db.delete(otpDevices).where(eq(otpDevices.id, id)).run()
}

/** OTPs of a device in one page. */
const pageLength = 25

/** Ascending by id, read page by page, so that other requests get their turn between two of them. */
export function* pagesOfOtps(db: Orm, deviceId: number): Iterable<OtpRow[]> {
  for (let after = 0; ; ) {
    const rows = queries(db).otps.all({ deviceId, after, limit: pageLength })
    yield rows
    if (rows.length < pageLength) return
    after = rows.at(-1)?.id ?? after
  }
}

/** How many there are on all devices of a person, and the bytes of their labels and sealed secrets. */
export function measureOtps(db: Orm, accountId: string): { count: number; bytes: number } {
  return queries(db).otpsOf.get({ accountId }) ?? { count: 0, bytes: 0 }
}

/** How many there are on each device of a person, by the device's number; devices without any are left out. */
export function countOtpsByDevice(db: Orm, accountId: string): Map<number, number> {
  const rows = db
    .select({ deviceId: otps.deviceId, n: count() })
    .from(otps)
    .innerJoin(otpDevices, eq(otpDevices.id, otps.deviceId))
    .where(eq(otpDevices.accountId, accountId))
    .groupBy(otps.deviceId)
    .all()
  return new Map(rows.map(({ deviceId, n }) => [deviceId, n]))
}

export function insertOtp(db: Orm, { id, deviceId, account, secret, createdAt }: OtpRow): void {
  queries(db).insertOtp.run({ id, deviceId, account, secret, createdAt })
}

export function setOtpSecret(db: Orm, id: number, secret: Buffer): void {
  queries(db).setSecret.run({ id, secret })
}

/** An OTP with its device, if it is this person's. */
export function readOtp(db: Orm, accountId: string, id: number): { otp: OtpRow; device: DeviceRow } | undefined {
  const found = db
    .select({ otp: otps, device: otpDevices })
    .from(otps)
    .innerJoin(otpDevices, eq(otpDevices.id, otps.deviceId))
    .where(eq(otps.id, id))
    .get()
  return found?.device.accountId === accountId ? found : undefined
}

export function renameOtpRow(db: Orm, id: number, account: string): void {
  db.update(otps).set({ account }).where(eq(otps.id, id)).run()
}

export function deleteOtpRow(db: Orm, id: number): void {
  db.delete(otps).where(eq(otps.id, id)).run()
}

/** Remember that a device of the original was taken over. @returns false when it was before */
export function claimImport(db: Orm, key: string): boolean {
  return db.insert(otpImports).values({ key }).onConflictDoNothing().run().changes === 1
}
