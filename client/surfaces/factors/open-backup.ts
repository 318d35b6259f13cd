import { FactorError } from './errors.ts'
import type { FactorBackupClient, TransferOptions } from './factor-backup-client.ts'
import type { MainFactor } from './main-factor.ts'
import type { Manifest } from './manifest.ts'
import { openFiles } from './open-files.ts'
import { proveMainFactor } from './prove-to-server.ts'
import type { Seen } from './sync-device.ts'
import type { BackupMetadata } from './wire.ts'

export type OpenOptions = TransferOptions & {
  /** The newest version this device knows, if it knows any: an older one is refused. */
  seen?: Seen
  /** After the backup was restored on the server. */
  acceptOlder?: boolean
}

export type OpenedBackup = {
  metadata: BackupMetadata
  manifest: Manifest
  files: Map<string, Uint8Array<ArrayBuffer>>
  /** 32 bytes: to join as a sync device, or to wrap for another factor. Wipe it when neither is wanted. */
  backupKey: Uint8Array<ArrayBuffer>
  /** Lets one device join within 15 minutes (factor-backup §4.4). */
  syncFactorToken: string
}

/**
 * Fetch a backup with one of its main factors and decrypt it.
 *
 * @throws FactorError `factor-unknown`, `not-decryptable`, `wrong-key`, `damaged`, `rolled-back`, `passkey-…`
 * @throws MalformedSealedBackup for what another app stored; ServerError, NetworkError
 */
export async function openBackup(
  client: FactorBackupClient,
  factor: MainFactor,
  options: OpenOptions = {},
): Promise<OpenedBackup> {
  const proof = await proveMainFactor(client, factor, 'retrieve')
  const { backup, metadata, syncFactorToken } = await client.retrieve(proof, options)
  const { id: backupId, manifestHash } = metadata
  const backupKey = await factor.unwrap(metadata.keys, backupId)
  if (backupKey === null) throw new FactorError('not-decryptable')
  const { manifest, files } = await openFiles(backup, backupKey, { backupId, manifestHash })
  const { seen, acceptOlder = false } = options
  if (seen !== undefined && manifest.savedAt < seen.savedAt && !acceptOlder) throw new FactorError('rolled-back')
  return { metadata, manifest, files, backupKey, syncFactorToken }
}
