import { type KeptSlot, type RemovedDevice, readRemovedDevices, readSlots } from '#server/home/read-cloud.ts'
import { Problem } from '#server/kit/problem.ts'
import { removeDevice, renameDevice } from '#server/surfaces/cloud-backup/devices.ts'
import { findSlot, openSlot } from '#server/surfaces/cloud-backup/read-slot.ts'
import { openPastSlot, restoreSlot } from '#server/surfaces/cloud-backup/restore-slot.ts'
import { readDevice, slotOf } from '#server/surfaces/cloud-backup/store.ts'
import type { StoredBytes } from '#server/vault/vault.ts'
import { type HistoryRules, historyRules } from './history-rules.ts'
import { house } from './house.ts'
import type { Member } from './member.ts'

export type { KeptSlot, RemovedDevice }

export function slotsOf({ accountId }: Member): { slots: KeptSlot[]; removed: RemovedDevice[] } & HistoryRules {
  const { ctx } = house()
  return { slots: readSlots(ctx, accountId), removed: readRemovedDevices(ctx, accountId), ...historyRules(ctx) }
}

/**
 * The bytes of a slot as it stands or of an earlier version, a removed device's too.
 *
 * @param deviceId  null for the person's own slot
 * @throws not_found (also for somebody else's), object.missing, object.damaged, store.unavailable
 */
export async function openSlotOf(
  { accountId }: Member,
  deviceId: string | null,
  version: number,
): Promise<StoredBytes> {
  const { ctx } = house()
  const owner = slotOf({ accountId, deviceId })
  if (deviceId === null || readDevice(ctx.db.read, accountId, deviceId)) {
    const current = findSlot(ctx, owner)
    if (current.version === version) return openSlot(ctx, current)
  } else if (!readRemovedDevices(ctx, accountId).some((removed) => removed.deviceId === deviceId)) {
    throw new Problem('not_found')
  }
  return openPastSlot(ctx, owner, version)
}

/** Put a version of the history back. @throws not_found (also for somebody else's), quota.exceeded */
export async function restoreSlotOf(member: Member, deviceId: string | null, version: number): Promise<number> {
  const { ctx } = house()
  const { accountId } = member
  if (deviceId !== null && !readDevice(ctx.db.read, accountId, deviceId)) throw new Problem('not_found')
  return restoreSlot(ctx, { ...member, deviceId }, version)
}

/** @throws not_found */
export async function renameDeviceOf(member: Member, deviceId: string, name: string): Promise<void> {
  await renameDevice(house().ctx, { ...member, deviceId: null }, deviceId, name)
}

/** Sign a device out and take it away; what it stored stays in the history. @throws not_found */
export function removeDeviceOf(member: Member, deviceId: string): Promise<void> {
  return removeDevice(house().ctx, { ...member, deviceId: null }, deviceId)
}
