import { z } from 'zod'

/** Shapes of factor-backup §2 and §4. Unknown members are ignored, `null` is the same as absent (§1). */

const text = z.string()

export const OidcToken = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('GOOGLE'), token: text }),
  z.object({ kind: z.literal('APPLE'), token: text, aud: text.nullish() }),
])
export type OidcToken = z.infer<typeof OidcToken>

/** Any JSON; what it must hold is checked where it is verified, in WebAuthn's words. */
const credential = z.unknown().refine((value) => value !== undefined, 'missing field `credential`')

const PasskeyAuthorization = z.object({ kind: z.literal('PASSKEY'), credential, label: text.optional() })
const OidcAuthorization = z.object({
  kind: z.literal('OIDC_ACCOUNT'),
  oidcToken: OidcToken,
  publicKey: text,
  signature: text,
})
const KeypairAuthorization = z.object({ kind: z.literal('EC_KEYPAIR'), publicKey: text, signature: text })

export const Authorization = z.discriminatedUnion('kind', [
  PasskeyAuthorization,
  OidcAuthorization,
  KeypairAuthorization,
])
export type Authorization = z.infer<typeof Authorization>

export const EncryptionKey = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('PRF'), encryptedKey: text }),
  z.object({ kind: z.literal('ICLOUD'), encryptedKey: text }),
  z.object({
    kind: z.literal('TURNKEY'),
    encryptedKey: text,
    turnkeyAccountId: text,
    turnkeyUserId: text,
    turnkeyPrivateKeyId: text,
  }),
])
export type EncryptionKey = z.infer<typeof EncryptionKey>

/** Hex of 32 bytes; `0x` in front and upper case are taken, not kept. */
const hash32 = text.regex(/^(?:0x)?[0-9a-fA-F]{64}$/).transform((hex) => hex.replace(/^0x/, '').toLowerCase())

/** `backup_account_` and a compressed public key; whether it is on a curve shows at reset (§1). */
export const BackupId = text.regex(/^backup_account_[0-9a-fA-F]{66}$/).transform((id) => id.toLowerCase())

export const Challenged = z.object({ authorization: Authorization, challengeToken: text })

export const CreatePayload = Challenged.extend({
  initialEncryptionKey: EncryptionKey,
  initialSyncFactor: Authorization,
  initialSyncChallengeToken: text,
  turnkeyProviderId: text.nullish(),
  manifestHash: hash32,
  backupAccountId: BackupId,
})
export type CreatePayload = z.infer<typeof CreatePayload>

export const SyncPayload = Challenged.extend({ currentManifestHash: hash32, newManifestHash: hash32 })
export type SyncPayload = z.infer<typeof SyncPayload>

export const PasskeyChallengeRequest = z.object({
  name: text,
  displayName: text,
  platform: z.enum(['IOS', 'ANDROID']),
})

export const NoFields = z.object({})
export const FactorIdRequest = z.object({ factorId: text })
export const ResetChallengeRequest = z.object({ backupAccountId: BackupId })
export const AddFactorChallengeRequest = z.object({
  newFactor: z.object({ kind: z.literal('OIDC_ACCOUNT'), oidcToken: text }),
})

export const AddSyncFactorRequest = z.object({
  challengeToken: text,
  syncFactor: Authorization,
  syncFactorToken: text,
})
export type AddSyncFactorRequest = z.infer<typeof AddSyncFactorRequest>

export const AddFactorRequest = z.object({
  existingFactorAuthorization: Authorization,
  existingFactorChallengeToken: text,
  existingFactorTurnkeyActivity: text.nullish(),
  newFactorAuthorization: Authorization,
  newFactorChallengeToken: text,
  encryptedBackupKey: EncryptionKey.nullish(),
  turnkeyProviderId: text.nullish(),
})
export type AddFactorRequest = z.infer<typeof AddFactorRequest>

export const MetadataRequest = Challenged.extend({ backupId: text.nullish() })
export type MetadataRequest = z.infer<typeof MetadataRequest>

export const DeleteFactorRequest = Challenged.extend({
  factorId: text,
  encryptionKey: EncryptionKey.nullish(),
  scope: z.enum(['MAIN', 'SYNC']),
})
export type DeleteFactorRequest = z.infer<typeof DeleteFactorRequest>

export const ResetRequest = z.object({ backupAccountId: BackupId, signature: text, challengeToken: text })
export type ResetRequest = z.infer<typeof ResetRequest>

export const StatusRequest = z.object({ backupId: text })

/** Ours (README): a new main factor of any kind, proved for by a main factor of any kind. */
export const AddMainFactorChallengeRequest = z.object({
  existingKind: z.enum(['PASSKEY', 'OIDC_ACCOUNT', 'EC_KEYPAIR']),
  newKind: z.enum(['PASSKEY', 'OIDC_ACCOUNT', 'EC_KEYPAIR']),
  name: text.nullish(),
  displayName: text.nullish(),
  platform: z.enum(['IOS', 'ANDROID']).nullish(),
})
export type AddMainFactorChallengeRequest = z.infer<typeof AddMainFactorChallengeRequest>

export const AddMainFactorRequest = z.object({
  existingFactorAuthorization: Authorization,
  existingFactorChallengeToken: text,
  newFactorAuthorization: Authorization,
  newFactorChallengeToken: text,
  encryptedBackupKey: EncryptionKey.nullish(),
  /** Take the place of the kept key of the same kind, e.g. one that now opens for two passkeys. */
  replaceEncryptionKey: z.boolean().nullish(),
  turnkeyProviderId: text.nullish(),
})
export type AddMainFactorRequest = z.infer<typeof AddMainFactorRequest>

/** Ours: which backup, if the factor was in more than one that can be brought back. */
export const HistoryRequest = Challenged.extend({ backupId: BackupId.nullish() })
export type HistoryRequest = z.infer<typeof HistoryRequest>

export const RestoreRequest = HistoryRequest.extend({
  /** Of the history; absent = leave the content as it is. */
  version: z.number().int().min(1).nullish(),
  /** Removed factors to bring back. */
  factorIds: z.array(text).max(64).nullish(),
})
export type RestoreRequest = z.infer<typeof RestoreRequest>

/* Answers. */

export const KeypairChallenge = z.object({ challenge: text, token: text })
export const PasskeyChallenge = z.object({ challenge: z.record(text, z.unknown()), token: text })

const FactorKind = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('PASSKEY'), credentialId: text, registration: z.unknown(), label: text }),
  z.object({
    kind: z.literal('OIDC_ACCOUNT'),
    account: z.object({ kind: z.enum(['GOOGLE', 'APPLE']), maskedEmail: text }),
    turnkeyProviderId: text,
  }),
  z.object({ kind: z.literal('EC_KEYPAIR'), publicKey: text }),
])
export type FactorKind = z.infer<typeof FactorKind>

const ExportedFactor = z.object({ id: z.uuid(), createdAt: z.number().int(), kind: FactorKind })
export type ExportedFactor = z.infer<typeof ExportedFactor>

export const BackupMetadata = z.object({
  id: text,
  keys: z.array(EncryptionKey),
  factors: z.array(ExportedFactor),
  syncFactors: z.array(ExportedFactor),
  manifestHash: text,
})
export type BackupMetadata = z.infer<typeof BackupMetadata>

export const Created = z.object({ backupId: text, backupMetadata: BackupMetadata })
export const Retrieved = z.object({ backup: z.base64(), metadata: BackupMetadata, syncFactorToken: text })
export const BackupIdAnswer = z.object({ backupId: text })
export const FactorAdded = z.object({ factorId: z.uuid(), backupMetadata: BackupMetadata })
export const FactorDeleted = z.object({ backupDeleted: z.boolean(), backupMetadata: BackupMetadata.nullable() })
export const Status = z.object({
  backupId: text,
  factors: z.array(
    z.object({
      kind: z.enum(['PASSKEY', 'OIDC_ACCOUNT', 'EC_KEYPAIR']),
      accountKind: z.enum(['GOOGLE', 'APPLE']).nullable(),
    }),
  ),
})
export const AddFactorChallenge = z.object({
  existingFactorChallenge: text,
  existingFactorToken: text,
  newFactorChallenge: text,
  newFactorToken: text,
})
export const MainFactorChallenge = z.object({
  existingFactorChallenge: z.union([text, z.record(text, z.unknown())]),
  existingFactorToken: text,
  newFactorChallenge: z.union([text, z.record(text, z.unknown())]),
  newFactorToken: text,
})

const PastVersion = z.object({
  version: z.number().int(),
  manifestHash: text,
  size: z.number().int(),
  createdAt: z.number().int(),
  supersededAt: z.number().int().nullable(),
})
const RemovedFactor = ExportedFactor.extend({ scope: z.enum(['MAIN', 'SYNC']), removedAt: z.number().int() })

export const History = z.object({
  backups: z.array(
    z.object({
      backupId: text,
      deletedAt: z.number().int().nullable(),
      version: z.number().int(),
      manifestHash: text,
      versions: z.array(PastVersion),
      removedFactors: z.array(RemovedFactor),
    }),
  ),
})
export type History = z.infer<typeof History>

export const ErrorBody = z.object({
  allowRetry: z.literal(false),
  error: z.object({ code: text, message: text }),
})
