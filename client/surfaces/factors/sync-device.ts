import { type BackupKey, lockBackupKey } from './backup-key.ts'
import type { Manifest } from './manifest.ts'
import type { SigningKey } from './signing-key.ts'

/** What a device keeps to sync a backup. As secret as the backup itself. */
export type SyncDevice = {
  backupId: string
  /** The sync factor. */
  signing: SigningKey
  backupKey: BackupKey
  /** The newest version this device knows: what its next one replaces, and the measure for a server that rolls back. */
  seen: Seen
}

export type Seen = {
  manifestHash: string
  /** Of the manifest, Unix milliseconds. */
  savedAt: number
}

export function seenIn(manifestHash: string, { savedAt }: Manifest): Seen {
  return { manifestHash, savedAt }
}

/**
 * The same device with a backup key that cannot be read out, as a browser should keep it; the bytes are wiped.
 */
export async function lockDevice(device: SyncDevice): Promise<SyncDevice> {
  const { backupKey } = device
  return backupKey instanceof Uint8Array ? { ...device, backupKey: await lockBackupKey(backupKey) } : device
}
