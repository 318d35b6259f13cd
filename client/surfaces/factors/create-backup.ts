import type { Padding } from '#client/crypto/padding.ts'
import { isNetworkError } from '#client/transport/errors.ts'
import { type BackupAccount, createBackupAccount } from './backup-account.ts'
import { createBackupKey } from './backup-key.ts'
import type { FactorBackupClient, TransferOptions } from './factor-backup-client.ts'
import type { FileSource } from './file-source.ts'
import type { MainFactor } from './main-factor.ts'
import { readDeviceMetadata } from './manage-factors.ts'
import type { Manifest } from './manifest.ts'
import { sealFiles } from './seal-files.ts'
import { createSigningKey, keypairAuthorization, type SigningKey } from './signing-key.ts'
import { type SyncDevice, seenIn } from './sync-device.ts'
import type { BackupMetadata, Challenge, CreatePayload } from './wire.ts'

export type CreateOptions = TransferOptions & {
  /** Made anew when left out. Keep its secret key: it is the last resort when all factors are lost. */
  account?: BackupAccount
  /** This device's sync factor; made anew, and not readable, when left out. */
  signing?: SigningKey
  padding?: Padding
}

export type CreatedBackup = {
  account: BackupAccount
  /** Keep it to sync; in a browser, `lockDevice` first. Its backup key is in bytes. */
  device: SyncDevice & { backupKey: Uint8Array<ArrayBuffer> }
  manifest: Manifest
  metadata: BackupMetadata
}

/**
 * Encrypt files and store them as a new backup, which opens with one main factor; this device becomes its first sync
 * device. When the answer is lost, the server is asked whether it has the backup.
 *
 * What must survive (a recovery key, the account) is best written down before this is called.
 *
 * @throws FactorError (`backup-exists`, `factor-taken`, `too-large`, `registration-closed`, `source-changed`,
 *   `passkey-…`), ServerError, NetworkError
 */
export async function createBackup(
  client: FactorBackupClient,
  sources: FileSource[],
  factor: MainFactor,
  options: CreateOptions = {},
): Promise<CreatedBackup> {
  const account = options.account ?? createBackupAccount()
  const signing = options.signing ?? (await createSigningKey())
  const backupKey = createBackupKey()
  const sealed = await sealFiles(account.id, sources, backupKey, { padding: options.padding })
  const { manifest, manifestHash } = sealed
  const device = { backupId: account.id, signing, backupKey, seen: seenIn(manifestHash, manifest) }

  const challenge = await challengeFor(client, factor)
  const authorization = await factor.enroll(challenge)
  const sync = await client.keypairChallenge('create')
  const payload: CreatePayload = {
    authorization,
    challengeToken: challenge.token,
    initialEncryptionKey: await factor.wrap(backupKey, account.id, []),
    initialSyncFactor: await keypairAuthorization(signing, sync.challenge),
    initialSyncChallengeToken: sync.token,
    turnkeyProviderId: factor.turnkeyProviderId,
    manifestHash,
    backupAccountId: account.id,
  }
  try {
    const metadata = await client.create(payload, sealed.body, options)
    return { account, device, manifest, metadata }
  } catch (error) {
    if (sealed.fault() !== undefined) throw sealed.fault()
    const metadata = isNetworkError(error) ? await readDeviceMetadata(client, device).catch(() => null) : null
    if (metadata?.manifestHash !== manifestHash) throw error
    return { account, device, manifest, metadata }
  }
}

function challengeFor(client: FactorBackupClient, { kind, names }: MainFactor): Promise<Challenge> {
  if (kind !== 'PASSKEY') return client.keypairChallenge('create')
  // "IOS" is what the contract calls options for any authenticator; "ANDROID" shuts security keys out (§3.4).
  return client.newPasskeyChallenge({ name: names?.name ?? '', displayName: names?.displayName ?? '', platform: 'IOS' })
}
