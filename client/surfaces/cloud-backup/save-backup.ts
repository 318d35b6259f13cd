import type { DeriveKey, KdfParameters } from '#client/crypto/kdf.ts'
import { checkNewPassword } from '#client/crypto/password-policy.ts'
import { open, type SealOptions, seal } from '#client/crypto/seal.ts'
import { tuneKdf } from '#client/crypto/tune-kdf.ts'
import { pause } from '#client/transport/retry-policy.ts'
import type { OnProgress } from '#client/transport/upload-body.ts'
import type { CloudBackupClient, PutOptions } from './cloud-backup-client.ts'
import { decodeBackup, encodeBackup } from './encode-backup.ts'
import { isUploadInProgress, isVersionConflict } from './errors.ts'
import { checkIdentityBackup, type IdentityBackup } from './identity-backup.ts'
import { writeIdentityJson } from './identity-json.ts'
import { mergeBackups } from './merge.ts'
import type { Expected } from './slot-version.ts'

/** "Client must fetch, merge, and retry" (seeds/003 §4.2); after this many lost races something else is wrong. */
const maxRetries = 5

/** Long steps, for a progress display. */
export type SaveStep = 'derive-key' | 'upload' | 'download'

export type SaveOptions = {
  /** Version whose contents this backup already includes; left out when this device never saw one. */
  lastSeen?: number
  /**
   * What to do when another device saved meanwhile: `merge` (unless said otherwise), `replace` what it saved, even if
   * it belongs to another identity, or `fail` with the VersionConflict and leave everything as it is.
   */
  onConflict?: 'merge' | 'replace' | 'fail'
  onStep?: (step: SaveStep) => void
  onProgress?: OnProgress
  /** Found once by `tuneKdf` when left out. */
  kdf?: KdfParameters
  derive?: DeriveKey
  signal?: AbortSignal
  pause?: typeof pause
}

export type Saved = {
  version: number
  /** What was stored: the backup given, with what other devices had saved. */
  backup: IdentityBackup
  /** Versions of other devices that were met on the way, oldest first; null where the server did not say. */
  conflicts: (number | null)[]
  /**
   * Whether `backup` has something the backup given lacks: take it over before saving with this `version` as last seen.
   */
  gained: boolean
}

/**
 * Encode, seal and store a backup; when another device was faster, fetch its backup, merge both and try again, at most
 * five times with growing random pauses.
 *
 * @throws VersionConflict (with `fail`, or after five lost races), UploadInProgress
 * @throws IdentityMismatch; nothing was uploaded
 * @throws WrongPasswordOrDamaged when the stored backup must be merged and does not open
 * @throws WeakPassword, MalformedBackup, ServerError, NetworkError
 */
export async function saveBackup(
  client: CloudBackupClient,
  given: IdentityBackup,
  backupPassword: string,
  options: SaveOptions = {},
): Promise<Saved> {
  const policy = options.onConflict ?? 'merge'
  const conflicts: (number | null)[] = []
  let backup = given
  let expected = firstCondition(client, options.lastSeen)
  checkIdentityBackup(given)
  checkNewPassword(backupPassword)
  options.onStep?.('derive-key')
  const kdf = options.kdf ?? (await tuneKdf({ derive: options.derive }))
  const sealing = { kdf, derive: options.derive }
  let sealed = await sealBackup(backup, backupPassword, sealing)
  for (let attempt = 0; ; attempt += 1) {
    try {
      options.onStep?.('upload')
      const { version } = await client.put(sealed, putOptions(expected, options))
      return { version, backup, conflicts, gained: gained(backup, given) }
    } catch (error) {
      const conflict = isVersionConflict(error) ? error : null
      if (attempt >= maxRetries || !(conflict || isUploadInProgress(error))) throw error
      if (conflict && policy === 'fail') throw error
      await (options.pause ?? pause)(Math.random() * 250 * 2 ** attempt, options.signal)
      if (conflict === null) continue
      if (policy === 'replace') {
        const current = conflict.current ?? (await client.head())?.version
        expected = current ? current : 'none'
        conflicts.push(current ?? null)
        continue
      }
      options.onStep?.('download')
      const stored = await fetchBackup(client, backupPassword, options)
      conflicts.push(stored?.version ?? conflict.current)
      expected = stored?.version ?? 'none'
      if (stored === null) continue
      backup = mergeBackups(backup, stored.backup)
      options.onStep?.('derive-key')
      sealed = await sealBackup(backup, backupPassword, sealing)
    }
  }
}

/**
 * The stored backup, opened; null when there is none.
 *
 * @throws WrongPasswordOrDamaged, MalformedSealedBackup, MalformedBackup, ServerError, NetworkError
 */
export async function loadBackup(
  client: CloudBackupClient,
  backupPassword: string,
  options: Pick<SaveOptions, 'onStep' | 'onProgress' | 'derive' | 'signal'> = {},
): Promise<{ backup: IdentityBackup; version: number } | null> {
  options.onStep?.('download')
  return fetchBackup(client, backupPassword, options)
}

async function fetchBackup(
  client: CloudBackupClient,
  backupPassword: string,
  options: Pick<SaveOptions, 'onStep' | 'onProgress' | 'derive' | 'signal'>,
) {
  const { onProgress, signal, derive } = options
  const fetched = await client.get({ onProgress, signal })
  if (fetched.kind !== 'backup') return null
  options.onStep?.('derive-key')
  const plaintext = await open(fetched.bytes, backupPassword, { derive })
  try {
    return { backup: decodeBackup(plaintext), version: fetched.version }
  } finally {
    plaintext.fill(0)
  }
}

async function sealBackup(backup: IdentityBackup, password: string, sealing: SealOptions) {
  const plaintext = encodeBackup(backup)
  try {
    return await seal(plaintext, password, sealing)
  } finally {
    plaintext.fill(0)
  }
}

/** A device's slot insists on a condition; the user's own takes the first upload without one (design §6). */
function firstCondition(client: CloudBackupClient, lastSeen: number | undefined): Expected {
  if (lastSeen !== undefined) return lastSeen
  return client.session?.deviceId === undefined ? undefined : 'none'
}

function putOptions(expected: Expected, { onProgress, signal }: SaveOptions): PutOptions {
  if (expected === 'none') return { ifNoneMatch: '*', onProgress, signal }
  return { ifMatch: expected, onProgress, signal }
}

/** Merging dates and sorts the entries, so both sides are brought to that form before what they hold is compared. */
function gained(stored: IdentityBackup, given: IdentityBackup): boolean {
  if (stored === given) return false
  const { createdAt, deviceName } = stored
  return writeIdentityJson(stored) !== writeIdentityJson({ ...mergeBackups(given, given), createdAt, deviceName })
}
