import type { AuthenticationResponseJSON, RegistrationResponseJSON } from '@simplewebauthn/browser'
import { ProtocolError } from '#client/transport/errors.ts'

/** Shapes of contracts/factor-backup.md §2 and §4, and of what Hearthkeep adds to them. */

export type OidcToken = { kind: 'GOOGLE'; token: string } | { kind: 'APPLE'; token: string; aud?: string }

/** Proof that somebody holds a factor (§2.1). */
export type Authorization =
  | { kind: 'PASSKEY'; credential: RegistrationResponseJSON | AuthenticationResponseJSON; label?: string }
  | { kind: 'OIDC_ACCOUNT'; oidcToken: OidcToken; publicKey: string; signature: string }
  | { kind: 'EC_KEYPAIR'; publicKey: string; signature: string }

export type MainFactorKind = Authorization['kind']

/** The backup key as a device wrapped it; at most one of a kind a backup (§2.3). */
export type BackupEncryptionKey =
  | { kind: 'PRF' | 'ICLOUD'; encryptedKey: string }
  | {
      kind: 'TURNKEY'
      encryptedKey: string
      turnkeyAccountId: string
      turnkeyUserId: string
      turnkeyPrivateKeyId: string
    }

export type FactorKind =
  | { kind: 'PASSKEY'; credentialId: string; registration: unknown; label: string }
  | {
      kind: 'OIDC_ACCOUNT'
      account: { kind: 'GOOGLE' | 'APPLE'; maskedEmail: string }
      turnkeyProviderId: string
    }
  | { kind: 'EC_KEYPAIR'; publicKey: string }

/** `createdAt` in Unix seconds. */
export type Factor = { id: string; createdAt: number; kind: FactorKind }
export type FactorScope = 'MAIN' | 'SYNC'

/** §2.4. */
export type BackupMetadata = {
  id: string
  keys: BackupEncryptionKey[]
  factors: Factor[]
  syncFactors: Factor[]
  manifestHash: string
}

/** 32 random bytes in base64. */
export type KeypairChallenge = { challenge: string; token: string }
/** WebAuthn options in the server's wrapper, `{"publicKey": …}`. */
export type PasskeyChallenge = { challenge: Record<string, unknown>; token: string }
export type Challenge = KeypairChallenge | PasskeyChallenge

export type CreatePayload = {
  authorization: Authorization
  challengeToken: string
  initialEncryptionKey: BackupEncryptionKey
  initialSyncFactor: Authorization
  initialSyncChallengeToken: string
  turnkeyProviderId?: string
  manifestHash: string
  backupAccountId: string
}

export type Proof = { authorization: Authorization; challengeToken: string }
export type SyncPayload = Proof & { currentManifestHash: string; newManifestHash: string }
export type DeleteFactorRequest = Proof & {
  factorId: string
  scope: FactorScope
  encryptionKey?: BackupEncryptionKey
}

/** §4.7: an existing passkey, through a Turnkey activity, adds an account. */
export type AddFactorRequest = {
  existingFactorAuthorization: Authorization
  existingFactorChallengeToken: string
  existingFactorTurnkeyActivity: string
  newFactorAuthorization: Authorization
  newFactorChallengeToken: string
  encryptedBackupKey?: BackupEncryptionKey
  turnkeyProviderId: string
}

export type AddFactorChallenge = {
  existingFactorChallenge: string
  existingFactorToken: string
  newFactorChallenge: string
  newFactorToken: string
}

/** Hearthkeep's own: a main factor of any kind adds one of any kind. */
export type AddMainFactorRequest = {
  existingFactorAuthorization: Authorization
  existingFactorChallengeToken: string
  newFactorAuthorization: Authorization
  newFactorChallengeToken: string
  encryptedBackupKey?: BackupEncryptionKey
  /** Take the place of the kept key of this kind, e.g. by one that opens for two passkeys. */
  replaceEncryptionKey?: boolean
  turnkeyProviderId?: string
}

export type Retrieved = { backup: Uint8Array<ArrayBuffer>; metadata: BackupMetadata; syncFactorToken: string }
export type Status = {
  backupId: string
  factors: { kind: MainFactorKind; accountKind: 'GOOGLE' | 'APPLE' | null }[]
}

/** Times in Unix seconds. */
export type PastVersion = {
  version: number
  manifestHash: string
  size: number
  createdAt: number
  supersededAt: number | null
}
export type BackupHistory = {
  backupId: string
  deletedAt: number | null
  version: number
  manifestHash: string
  versions: PastVersion[]
  removedFactors: (Factor & { scope: FactorScope; removedAt: number })[]
}

/** @throws ProtocolError */
export function readMetadata(value: unknown): BackupMetadata {
  const { id, keys, factors, syncFactors, manifestHash } = fieldsOf(value)
  const isKey = (key: unknown) => {
    const { kind, encryptedKey } = fieldsOf(key)
    return typeof kind === 'string' && typeof encryptedKey === 'string'
  }
  if (typeof id !== 'string' || typeof manifestHash !== 'string' || !/^[0-9a-f]{64}$/.test(manifestHash)) {
    throw unexpected()
  }
  if (!isList(keys, isKey) || !isList(factors, isFactor) || !isList(syncFactors, isFactor)) throw unexpected()
  return {
    id,
    manifestHash,
    keys: keys as BackupEncryptionKey[],
    factors: factors as Factor[],
    syncFactors: syncFactors as Factor[],
  }
}

function isFactor(value: unknown): boolean {
  const { id, createdAt, kind } = fieldsOf(value)
  return typeof id === 'string' && typeof createdAt === 'number' && typeof fieldsOf(kind).kind === 'string'
}

/** @throws ProtocolError when one of the named fields is no text */
export function readTexts<Name extends string>(value: unknown, ...names: Name[]): Record<Name, string> {
  const fields = fieldsOf(value)
  if (!names.every((name) => typeof fields[name] === 'string')) throw unexpected()
  return fields as Record<Name, string>
}

export function isList(value: unknown, isItem: (item: unknown) => boolean): boolean {
  return Array.isArray(value) && value.every(isItem)
}

/** @throws ProtocolError */
export function fieldsOf(value: unknown): Record<string, unknown> {
  if (typeof value !== 'object' || value === null) throw unexpected()
  return value as Record<string, unknown>
}

export function unexpected(): ProtocolError {
  return new ProtocolError('The answer is not what a factor backup server sends. Is the address right?')
}
