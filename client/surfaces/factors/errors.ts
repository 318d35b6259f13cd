import { ClientError, isClientError } from '#client/errors/client-error.ts'
import { isServerError } from '#client/transport/errors.ts'

/** What went wrong, and what a person can do about it. */
const catalogue = {
  'backup-exists': ['The server has a backup with this id already', 'Sync it, or reset it with the account key'],
  'factor-taken': ['This factor belongs to a backup already', 'Use another factor, or open that backup with it'],
  'too-many-factors': ['The backup has as many factors as the server allows', 'Remove one that is not needed any more'],
  'factor-unknown': [
    'The server knows no backup for this factor',
    'It may have been removed. Use another factor of the backup',
  ],
  'another-backup': ['This device keeps another backup in sync', 'Leave the id out, or use the other backup’s device'],
  'nothing-stored': ['There is no such backup on this server', 'Check the address of the server and the backup’s id'],
  'challenge-spent': ['The server’s challenge was too old or used before', 'Try again'],
  'token-spent': [
    'The leave to add this device has run out or was used',
    'Open the backup again and add the device within 15 minutes',
  ],
  'moved-on': [
    'Another device has synced a newer version',
    'Open the backup with a main factor and take its changes over, or replace them',
  ],
  busy: ['Another device is writing this backup right now', 'Try again in a minute'],
  'too-large': ['The backup is larger than the server allows', 'Leave files out, or raise the limit on the server'],
  'proof-refused': [
    'The server did not accept the proof of this factor',
    'Check that this is the right passkey or key, and that the page’s address is the server’s relying party',
  ],
  'account-refused': ['The server did not accept the account’s sign-in', 'Sign in to the account again'],
  'attestation-refused': ['The server demands an attestation of this app', 'Ask whoever runs it for its token'],
  'registration-closed': ['This server takes no new backups', 'Ask whoever runs it'],
  'key-in-use': ['The wrapped key is needed by other factors, or is there already', 'Leave the key as it is'],
  'foreign-key': [
    'Another app wrapped the key for factors of this kind',
    'Add the factor with that app, or use one of another kind',
  ],
  'last-main-factor': [
    'This is the last main factor; without it the whole backup is deleted',
    'Add another main factor first, or delete the backup',
  ],
  'not-decryptable': [
    'This factor may fetch the backup but holds no key to decrypt it',
    'Use a factor the backup key was wrapped for',
  ],
  'wrong-key': ['The backup is encrypted with another key', 'Use the key of this backup'],
  damaged: [
    'The backup is damaged, or is not the version the server says it is',
    'Do not overwrite it; restore an earlier version on the server',
  ],
  'rolled-back': [
    'The server handed out an older version than this device has seen',
    'Ask whoever runs it whether it was restored; accept the older version only then',
  ],
  'bad-name': ['A file cannot be stored under its name', 'Rename it, or leave it out'],
  'source-changed': ['A file changed while it was being backed up', 'Try again when nothing writes to it'],
  'passkey-cancelled': ['The passkey prompt was closed, or took too long', 'Try again'],
  'passkey-failed': ['The passkey could not be used', 'Use another passkey or another factor'],
  'passkey-without-prf': [
    'This passkey cannot derive keys (no PRF), so it could not decrypt the backup',
    'Use another passkey, or a recovery key',
  ],
  'malformed-recovery-key': [
    'This is not a recovery key this program can read',
    'Use the file that was written for it',
  ],
} as const satisfies Record<string, readonly [what: string, next: string]>

export type FactorReason = keyof typeof catalogue

/** Everything about factor backups that a caller can do something about. */
export class FactorError extends ClientError {
  readonly reason: FactorReason
  /** What to do next, for people. */
  readonly next: string

  /** @param detail  added to the message: a file's name, never a key */
  constructor(reason: FactorReason, { cause, detail }: { cause?: unknown; detail?: string } = {}) {
    const [what, next] = catalogue[reason]
    super('factor', detail === undefined ? what : `${what}: ${detail}`, cause)
    this.reason = reason
    this.next = next
  }
}

export function isFactorError(error: unknown, reason?: FactorReason): error is FactorError {
  return isClientError(error, 'factor') && (reason === undefined || (error as FactorError).reason === reason)
}

/** Codes of the server's envelope (factor-backup §7). */
const reasonByCode: { [code: string]: FactorReason } = {
  already_used: 'challenge-spent',
  backup_account_id_already_exists: 'backup-exists',
  backup_does_not_exist: 'factor-unknown',
  backup_id_mismatch: 'another-backup',
  backup_missing: 'factor-unknown',
  backup_not_found: 'factor-unknown',
  backup_untraceable: 'factor-unknown',
  conflicting_lock: 'busy',
  content_too_large: 'too-large',
  factor_already_exists: 'factor-taken',
  factor_not_found: 'factor-unknown',
  factor_orphaned_from_encryption_key: 'key-in-use',
  invalid_attestation_token: 'attestation-refused',
  invalid_attestation_token_claim: 'attestation-refused',
  invalid_attestation_token_header: 'attestation-refused',
  jwt_error: 'challenge-spent',
  manifest_hash_mismatch: 'moved-on',
  missing_email: 'account-refused',
  oidc_token_invalid_aud: 'account-refused',
  oidc_token_invalid_nonce: 'account-refused',
  oidc_token_parse_error: 'account-refused',
  oidc_token_verification_error: 'account-refused',
  only_one_encryption_key_per_type_allowed: 'key-in-use',
  registration_closed: 'registration-closed',
  signature_verification_error: 'proof-refused',
  token_expired: 'token-spent',
  token_not_found: 'token-spent',
  too_many_factors: 'too-many-factors',
  unauthorized_factor: 'factor-unknown',
  webauthn_error: 'proof-refused',
}

/** The server's refusal as what it means to a person; every other error as it is. */
export function asFactorError(error: unknown): unknown {
  if (!isServerError(error)) return error
  const reason = reasonByCode[error.code ?? ''] ?? (error.code === 'not_found' ? 'nothing-stored' : undefined)
  return reason === undefined ? error : new FactorError(reason, { cause: error })
}
