import { FactorError, isFactorError } from './errors.ts'
import type { FactorBackupClient } from './factor-backup-client.ts'
import { type MainFactor, textOf } from './main-factor.ts'
import type { OpenedBackup } from './open-backup.ts'
import { proveMainFactor, proveSyncFactor } from './prove-to-server.ts'
import { keypairAuthorization } from './signing-key.ts'
import type { SyncDevice } from './sync-device.ts'
import type { BackupEncryptionKey, BackupMetadata, FactorScope } from './wire.ts'

/** Factors, wrapped keys and current version, as a sync device may see them. @throws FactorError `factor-unknown` */
export async function readDeviceMetadata(client: FactorBackupClient, device: SyncDevice): Promise<BackupMetadata> {
  const proof = await proveSyncFactor(client, device.signing, 'retrieve-metadata')
  return client.retrieveMetadata(proof, device.backupId)
}

/**
 * Whether a main factor still opens its backup, without fetching it: the server believes it, and its key unwraps. Only
 * then should it be counted on.
 *
 * @param keys  of the backup's metadata
 */
export async function proveFactor(
  client: FactorBackupClient,
  factor: MainFactor,
  keys: BackupEncryptionKey[],
): Promise<{ backupId: string; decrypts: boolean }> {
  const backupId = await client.verifyFactor(await proveMainFactor(client, factor, 'verify-factor'))
  const backupKey = await factor.unwrap(keys, backupId).catch((error) => {
    if (isFactorError(error, 'passkey-without-prf')) return null
    throw error
  })
  backupKey?.fill(0)
  return { backupId, decrypts: backupKey !== null }
}

/**
 * Add a main factor of any kind to a backup that was just opened; the backup key is wrapped for it beside the others of
 * its kind. Hearthkeep's own route: other servers answer 404.
 *
 * @param existing  a main factor of the backup, for one more proof
 * @returns the opened backup with its new metadata, for adding the next
 * @throws FactorError `factor-taken`, `too-many-factors`, `passkey-…`; ServerError, NetworkError
 */
export async function addMainFactor(
  client: FactorBackupClient,
  opened: OpenedBackup,
  { existing, added }: { existing: MainFactor; added: MainFactor },
): Promise<{ opened: OpenedBackup; factorId: string }> {
  const { id: backupId, keys } = opened.metadata
  // Wrapped for a factor that then opens nothing, it would show only when it is needed.
  if (opened.backupKey.every((byte) => byte === 0))
    throw new RangeError('The backup key was wiped; open the backup again')
  const challenges = await client.addMainFactorChallenge({
    existingKind: existing.kind,
    newKind: added.kind,
    ...(added.kind === 'PASSKEY' ? { platform: 'IOS', ...added.names } : {}),
  })
  const existingFactorAuthorization = await existing.authorize(challenges.existing)
  const newFactorAuthorization = await added.enroll(challenges.added)
  const encryptedBackupKey = await added.wrap(opened.backupKey, backupId, keys)
  const { factorId, metadata } = await client.addMainFactor({
    existingFactorAuthorization,
    existingFactorChallengeToken: challenges.existing.token,
    newFactorAuthorization,
    newFactorChallengeToken: challenges.added.token,
    encryptedBackupKey,
    replaceEncryptionKey: textOf(keys, encryptedBackupKey.kind) !== undefined,
    turnkeyProviderId: added.turnkeyProviderId,
  })
  return { opened: { ...opened, metadata }, factorId }
}

export type RemoveOptions = {
  scope: FactorScope
  /** With the last factor of a kind: the wrapped key of that kind goes too. */
  key?: BackupEncryptionKey
  /** The last main factor takes the whole backup with it; that must be meant. */
  evenIfLast?: boolean
}

/**
 * Take a factor from the backup. It loses its access to the server; whoever copied the backup and its key before keeps
 * both, so after a theft make a new backup.
 *
 * @returns null when the backup is gone with its last main factor
 * @throws FactorError `last-main-factor`, `factor-unknown`, `key-in-use`; ServerError, NetworkError
 */
export async function removeFactor(
  client: FactorBackupClient,
  device: SyncDevice,
  factorId: string,
  { scope, key, evenIfLast = false }: RemoveOptions,
): Promise<BackupMetadata | null> {
  if (scope === 'MAIN' && !evenIfLast) {
    const { factors } = await readDeviceMetadata(client, device)
    if (factors.length === 1 && factors[0]?.id === factorId) throw new FactorError('last-main-factor')
  }
  const { challenge, token } = await client.deleteFactorChallenge(factorId)
  const authorization = await keypairAuthorization(device.signing, challenge)
  return client.deleteFactor({ authorization, challengeToken: token, factorId, scope, encryptionKey: key })
}

/** Remove the backup for all devices. A main factor can bring it back as long as the server keeps history. */
export async function deleteBackup(client: FactorBackupClient, device: SyncDevice): Promise<void> {
  await client.deleteBackup(await proveSyncFactor(client, device.signing, 'delete-backup'))
}
