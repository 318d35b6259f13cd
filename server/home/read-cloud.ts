import type { Context } from '#server/context.ts'
import { listSlotHistory, type PastVersion } from '#server/surfaces/cloud-backup/restore-slot.ts'
import { listDevices, listRemovedDevices, listSlots, slotOf } from '#server/surfaces/cloud-backup/store.ts'

export type CloudDevice = { id: string; name: string | null; createdAt: number }

export type KeptSlot = {
  /** Whose it is; null for the slot that all of a person's devices without one of their own share. */
  device: CloudDevice | null
  /** Null while nothing was ever stored in it. */
  current: { version: number; size: number; updatedAt: number; isDamaged: boolean } | null
  /** Newest first. */
  history: PastVersion[]
}

/** A device that was removed; its backup can be fetched until the history ends. */
export type RemovedDevice = { deviceId: string; removedAt: number; history: PastVersion[] }

/** The person's own slot, if it was ever used, then one for every device, the longest known first. */
export function readSlots(ctx: Context, accountId: string): KeptSlot[] {
  const slots = listSlots(ctx.db.read, accountId)
  const kept = (device: CloudDevice | null): KeptSlot => {
    const deviceId = device?.id ?? null
    return {
      device,
      current: slots.find((slot) => slot.deviceId === deviceId) ?? null,
      history: listSlotHistory(ctx, slotOf({ accountId, deviceId })),
    }
  }
  const own = kept(null)
  const devices = listDevices(ctx.db.read, accountId).map(({ id, name, createdAt }) => kept({ id, name, createdAt }))
  return own.current || own.history.length > 0 ? [own, ...devices] : devices
}

export function readRemovedDevices(ctx: Context, accountId: string): RemovedDevice[] {
  return listRemovedDevices(ctx.db.read, accountId).map(({ deviceId, removedAt }) => ({
    deviceId,
    removedAt,
    history: listSlotHistory(ctx, slotOf({ accountId, deviceId })),
  }))
}
