import { FactorError, isFactorError } from './errors.ts'
import type { FactorBackupClient } from './factor-backup-client.ts'
import type { OpenedBackup } from './open-backup.ts'
import { createSigningKey, keypairAuthorization, type SigningKey } from './signing-key.ts'
import { type SyncDevice, seenIn } from './sync-device.ts'

/**
 * Become a sync device of a backup that was opened within the last 15 minutes. In a browser, `lockDevice` what comes
 * back.
 *
 * @param signing  this device's key; made anew, and not readable, when left out
 * @throws FactorError `token-spent`, `factor-taken`, `too-many-factors`; ServerError, NetworkError
 */
export async function joinAsSyncDevice(
  client: FactorBackupClient,
  opened: Pick<OpenedBackup, 'metadata' | 'manifest' | 'backupKey' | 'syncFactorToken'>,
  signing?: SigningKey,
): Promise<SyncDevice> {
  const key = signing ?? (await createSigningKey())
  const { challenge, token } = await client.keypairChallenge('add-sync-factor')
  const { syncFactorToken } = opened
  const syncFactor = await keypairAuthorization(key, challenge)
  const backupId = await client.addSyncFactor({ challengeToken: token, syncFactor, syncFactorToken }).catch((cause) => {
    // The challenge is fresh: what was used before is the leave.
    throw isFactorError(cause, 'challenge-spent') ? new FactorError('token-spent', { cause }) : cause
  })
  const { metadata, manifest, backupKey } = opened
  // A copy: locking the device wipes its bytes, and the opened backup may still be needed to add a factor.
  return { backupId, signing: key, backupKey: backupKey.slice(), seen: seenIn(metadata.manifestHash, manifest) }
}
