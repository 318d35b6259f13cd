import { and, asc, count, eq, isNotNull, isNull, max, sql } from 'drizzle-orm'
import type { Orm } from '#db/client.ts'
import {
  accounts,
  blobs,
  cloudSlots,
  devices,
  factorBackupLinks,
  factorBackups,
  oplogUsers,
  otpDevices,
  otps,
  personas,
  sessions,
} from '#db/schema/index.ts'

/** How much of a kind somebody keeps, and when the last of it came, milliseconds. */
export type Kept = { count: number; at: number | null }

/** What is asked for many people at once; `only` narrows it down to one. */
type Only = string | undefined

type OfAccount<T> = T & { accountId: string | null }

/** The longest here first; nothing of theirs by which anybody gets in. */
export function listAccounts(db: Orm, only: Only) {
  return db
    .select({
      id: accounts.id,
      email: accounts.email,
      username: accounts.username,
      role: accounts.role,
      quotaBytes: accounts.quotaBytes,
      disabledAt: accounts.disabledAt,
      deleteAt: accounts.deleteAt,
      shutByKeeper: accounts.shutByKeeper,
      nudgedAt: accounts.nudgedAt,
      createdAt: accounts.createdAt,
    })
    .from(accounts)
    .where(only === undefined ? undefined : eq(accounts.id, only))
    .orderBy(asc(accounts.createdAt), asc(accounts.id))
    .all()
}

export function sumLiveBytes(db: Orm, only: Only): Array<OfAccount<{ bytes: number }>> {
  return db
    .select({ accountId: blobs.accountId, bytes: sql<number>`sum(${blobs.size})` })
    .from(blobs)
    .where(and(eq(blobs.state, 'live'), only === undefined ? undefined : eq(blobs.accountId, only)))
    .groupBy(blobs.accountId)
    .all()
}

/** Every device with what it saved, then the slots that people's other apps share; the longest known first. */
export function listCloudDevices(db: Orm, only: Only) {
  const slot = { at: cloudSlots.updatedAt, size: blobs.size, state: blobs.state }
  const own = db
    .select({ accountId: devices.accountId, id: devices.id, name: devices.name, since: devices.createdAt, ...slot })
    .from(devices)
    .leftJoin(cloudSlots, eq(cloudSlots.ownerId, devices.id))
    .leftJoin(blobs, eq(blobs.id, cloudSlots.blobId))
    .where(only === undefined ? undefined : eq(devices.accountId, only))
    .orderBy(asc(devices.createdAt), asc(devices.id))
    .all()
  const shared = db
    .select({ accountId: cloudSlots.accountId, since: accounts.createdAt, ...slot })
    .from(cloudSlots)
    .innerJoin(accounts, eq(accounts.id, cloudSlots.accountId))
    .innerJoin(blobs, eq(blobs.id, cloudSlots.blobId))
    .where(and(isNull(cloudSlots.deviceId), only === undefined ? undefined : eq(cloudSlots.accountId, only)))
    .all()
  return [...own, ...shared.map((row) => ({ id: null, name: null, ...row }))]
}

export function countPersonas(db: Orm, only: Only): Array<OfAccount<Kept>> {
  return db
    .select({ accountId: personas.accountId, count: count(), at: max(personas.updatedAt) })
    .from(personas)
    .where(only === undefined ? undefined : eq(personas.accountId, only))
    .groupBy(personas.accountId)
    .all()
}

/** Sealed backups on people's lists. */
export function countBackups(db: Orm, only: Only): Array<OfAccount<Kept>> {
  return db
    .select({ accountId: factorBackupLinks.accountId, count: count(), at: max(factorBackups.updatedAt) })
    .from(factorBackupLinks)
    .innerJoin(factorBackups, eq(factorBackups.key, factorBackupLinks.backupKey))
    .where(and(isNull(factorBackups.deletedAt), only === undefined ? undefined : eq(factorBackupLinks.accountId, only)))
    .groupBy(factorBackupLinks.accountId)
    .all()
}

export function countCodes(db: Orm, only: Only): Array<OfAccount<Kept>> {
  return db
    .select({ accountId: otpDevices.accountId, count: count(), at: max(otps.createdAt) })
    .from(otps)
    .innerJoin(otpDevices, eq(otpDevices.id, otps.deviceId))
    .where(only === undefined ? undefined : eq(otpDevices.accountId, only))
    .groupBy(otpDevices.accountId)
    .all()
}

/** Sync keys that people linked to themselves. */
export function countLogs(db: Orm, only: Only): Array<OfAccount<Kept>> {
  return db
    .select({ accountId: oplogUsers.accountId, count: count(), at: max(oplogUsers.lastOperationAt) })
    .from(oplogUsers)
    .where(only === undefined ? isNotNull(oplogUsers.accountId) : eq(oplogUsers.accountId, only))
    .groupBy(oplogUsers.accountId)
    .all()
}

/** When a session of theirs was last used, milliseconds. */
export function listLastSeen(db: Orm, only: Only): Array<OfAccount<{ at: number | null }>> {
  return db
    .select({ accountId: sessions.accountId, at: max(sessions.lastSeenAt) })
    .from(sessions)
    .where(only === undefined ? undefined : eq(sessions.accountId, only))
    .groupBy(sessions.accountId)
    .all()
}
