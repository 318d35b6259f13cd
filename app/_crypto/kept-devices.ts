import { findDevice, forgetDevice, keepDevice, listDevices } from '#client/surfaces/factors/browser-devices.ts'
import type { SyncDevice } from '#client/surfaces/factors/sync-device.ts'

/** A backup that this browser stores new versions of, with what its pages remember of it. */
export type KeptDevice = SyncDevice & {
  /** The account that was signed in: people who share a browser do not see each other's. */
  owner: string
  name: string
  /** The version (its manifest hash) that was last fetched back and opened here, and when; milliseconds. */
  checked: { manifestHash: string; at: number } | null
  /** When each factor, by its id, was seen to open the backup; milliseconds. */
  proven: Record<string, number>
}

export async function listKept(owner: string): Promise<KeptDevice[]> {
  const all = await listDevices<Partial<KeptDevice> & SyncDevice>()
  return all.flatMap((device) => (device.owner === owner ? [device as KeptDevice] : []))
}

/** @returns it as it was kept: its keys cannot be read any more */
export async function keep(device: KeptDevice): Promise<KeptDevice> {
  await keepDevice(device)
  return (await findDevice<KeptDevice>(device.backupId)) ?? device
}

export const forget = forgetDevice
