import type { Context } from '#server/context.ts'
import { listUsersOf } from '#server/surfaces/oplog/store.ts'
import { countOtpsByDevice, listDevices as listOtpDevices } from '#server/surfaces/otp/store.ts'
import {
  countPersonas,
  type ListedPersona,
  listDamagedPersonaIds,
  listPersonas,
} from '#server/surfaces/personas/store.ts'
import { readQuota, readUsageOf } from '#server/vault/store.ts'
import { type Concern, findConcerns } from './find-concerns.ts'
import { type KeptBackup, readBackups } from './read-backups.ts'
import { type KeptSlot, readSlots } from './read-cloud.ts'

export type Overview = {
  /** Bytes; `history` is what earlier versions take, beside the quota. */
  usage: { live: number; history: number; quota: number }
  slots: KeptSlot[]
  personas: { total: number; newest: ListedPersona[] }
  /** Ids of those whose object was found missing or changed. */
  damagedPersonas: string[]
  /** Sealed backups that are there. */
  backups: KeptBackup[]
  otpDevices: Array<{ id: number; name: string; otps: number }>
  /** When something was last stored, milliseconds; null when nothing is kept. */
  newestAt: number | null
  concerns: Concern[]
}

const personasShown = 3

/** Everything one person has here, at a glance. */
export function readOverview(ctx: Context, accountId: string): Overview {
  const { read } = ctx.db
  const slots = readSlots(ctx, accountId)
  const newest = listPersonas(read, accountId, { offset: 0, limit: personasShown })
  const backups = readBackups(ctx, accountId).filter(({ gone }) => gone === null)
  const codes = countOtpsByDevice(read, accountId)
  const stored = [...slots.flatMap(({ current }) => current ?? []), ...newest, ...backups]
  const synced = listUsersOf(read, accountId).flatMap(({ lastOperationAt }) => lastOperationAt ?? [])
  const times = [...stored.map(({ updatedAt }) => updatedAt), ...synced]
  const overview = {
    usage: {
      ...readUsageOf(read, accountId),
      quota: readQuota(read, accountId) ?? ctx.settings.values.quotaBytes,
    },
    slots,
    personas: { total: countPersonas(read, accountId), newest },
    damagedPersonas: listDamagedPersonaIds(read, accountId),
    backups,
    otpDevices: listOtpDevices(read, accountId).map(({ id, name }) => ({ id, name, otps: codes.get(id) ?? 0 })),
    newestAt: times.length > 0 ? Math.max(...times) : null,
  }
  return { ...overview, concerns: findConcerns(ctx, accountId, overview) }
}
