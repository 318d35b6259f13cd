import type { Authorization, BackupEncryptionKey, Challenge, FactorKind, MainFactorKind } from './wire.ts'

/**
 * A way to open a backup, on this device: it proves itself to the server, and wraps and unwraps the backup key. Made by
 * `passkeyFactor`, `ecFactor`, `oidcFactor`.
 */
export type MainFactor = {
  readonly kind: MainFactorKind
  /** OIDC only (factor-backup §4.3). */
  readonly turnkeyProviderId?: string
  /** Names a new passkey is offered under. */
  readonly names?: { name: string; displayName: string }
  /** Become a factor. For a passkey this is where it is made. */
  enroll(challenge: Challenge): Promise<Authorization>
  /** Prove to be one. */
  authorize(challenge: Challenge): Promise<Authorization>
  /**
   * The backup key for this factor, together with what other factors of the kind have.
   *
   * @param keys  those the backup has
   */
  wrap(backupKey: Uint8Array<ArrayBuffer>, backupId: string, keys: BackupEncryptionKey[]): Promise<BackupEncryptionKey>
  /** @returns null when nothing was wrapped for this factor, or what was does not open */
  unwrap(keys: BackupEncryptionKey[], backupId: string): Promise<Uint8Array<ArrayBuffer> | null>
  /** Whether this is how the server lists it; for a passkey, the one that was used last. */
  isSame(factor: FactorKind): boolean
}

/** The text of the key of one kind; a server keeps at most one. */
export function textOf(keys: BackupEncryptionKey[], kind: BackupEncryptionKey['kind']): string | undefined {
  return keys.find((key) => key.kind === kind)?.encryptedKey
}
