import { isKeepable } from './sources.ts'
import type { VariableName } from './variables.ts'

/** What belongs on one page. */
export type VariableGroup =
  | 'address'
  | 'certificates'
  | 'registration'
  | 'sessions'
  | 'mail'
  | 'sign-in services'
  | 'relying party'
  | 'attestation'
  | 'limits'
  | 'operation log'
  | 'history'
  | 'storage'
  | 'snapshots'
  | 'watching'

/** How it is typed in; a secret is never shown again. */
export type VariableKind = 'text' | 'number' | 'bytes' | 'choice' | 'flag' | 'list' | 'secret'

type Facts = readonly [group: VariableGroup, kind: VariableKind]

/** Not settings of a server that runs, and so not described. */
export type LeftOut = 'HEARTHKEEP_DATA_DIR' | 'PORT' | 'HEARTHKEEP_ADMIN_EMAIL' | 'HEARTHKEEP_ADMIN_PASSWORD'

export const leftOut: Record<LeftOut, string> = {
  HEARTHKEEP_DATA_DIR: 'says where the database is that would keep it',
  PORT: 'another name of HEARTHKEEP_HTTP_PORT, for hosts that set it',
  HEARTHKEEP_ADMIN_EMAIL: 'read once, by a set-up without pages',
  HEARTHKEEP_ADMIN_PASSWORD: 'read once, by a set-up without pages',
}

/** In the order of the pages. */
export const variableFacts = {
  HEARTHKEEP_HOSTNAME: ['address', 'text'],
  HEARTHKEEP_PUBLIC_URL: ['address', 'text'],
  HEARTHKEEP_HTTPS_PORT: ['address', 'text'],
  HEARTHKEEP_HTTP_PORT: ['address', 'number'],
  HEARTHKEEP_LAN_HTTP: ['address', 'choice'],
  HEARTHKEEP_MDNS: ['address', 'choice'],
  HEARTHKEEP_TLS: ['certificates', 'choice'],
  HEARTHKEEP_TLS_CERT: ['certificates', 'text'],
  HEARTHKEEP_TLS_KEY: ['certificates', 'text'],
  HEARTHKEEP_TRUSTED_PROXIES: ['certificates', 'list'],
  HEARTHKEEP_REGISTRATION: ['registration', 'choice'],
  HEARTHKEEP_PASSWORD_MIN_LENGTH: ['sessions', 'number'],
  HEARTHKEEP_SESSION_DAYS: ['sessions', 'number'],
  HEARTHKEEP_APP_SESSION_DAYS: ['sessions', 'number'],
  HEARTHKEEP_OTP_SESSION_DAYS: ['sessions', 'number'],
  HEARTHKEEP_SMTP_URL: ['mail', 'secret'],
  HEARTHKEEP_MAIL_FROM: ['mail', 'text'],
  HEARTHKEEP_OIDC_GOOGLE_AUDIENCE: ['sign-in services', 'list'],
  HEARTHKEEP_OIDC_GOOGLE_NAME: ['sign-in services', 'text'],
  HEARTHKEEP_OIDC_GOOGLE_ISSUER: ['sign-in services', 'text'],
  HEARTHKEEP_OIDC_GOOGLE_JWKS_URL: ['sign-in services', 'text'],
  HEARTHKEEP_OIDC_APPLE_AUDIENCE: ['sign-in services', 'list'],
  HEARTHKEEP_OIDC_APPLE_NAME: ['sign-in services', 'text'],
  HEARTHKEEP_OIDC_APPLE_ISSUER: ['sign-in services', 'text'],
  HEARTHKEEP_OIDC_APPLE_JWKS_URL: ['sign-in services', 'text'],
  HEARTHKEEP_RP_NAME: ['relying party', 'text'],
  HEARTHKEEP_RP_ID: ['relying party', 'text'],
  HEARTHKEEP_RP_ORIGINS: ['relying party', 'list'],
  HEARTHKEEP_ANDROID_APPS: ['relying party', 'list'],
  HEARTHKEEP_APPLE_APPS: ['relying party', 'list'],
  HEARTHKEEP_ATTESTATION: ['attestation', 'choice'],
  HEARTHKEEP_ATTESTATION_TOKEN: ['attestation', 'secret'],
  HEARTHKEEP_ATTESTATION_JWKS_URL: ['attestation', 'text'],
  HEARTHKEEP_ATTESTATION_ISSUER: ['attestation', 'text'],
  HEARTHKEEP_ATTESTATION_AUDIENCE: ['attestation', 'text'],
  HEARTHKEEP_QUOTA_BYTES: ['limits', 'bytes'],
  HEARTHKEEP_SLOT_MAX_BYTES: ['limits', 'bytes'],
  HEARTHKEEP_PERSONA_MAX_BYTES: ['limits', 'bytes'],
  HEARTHKEEP_FACTOR_BACKUP_MAX_BYTES: ['limits', 'bytes'],
  HEARTHKEEP_RATE_LIMIT: ['limits', 'choice'],
  HEARTHKEEP_OPLOG_QUOTA_BYTES: ['operation log', 'bytes'],
  HEARTHKEEP_OPLOG_QUOTA_OPERATIONS: ['operation log', 'number'],
  HEARTHKEEP_OPLOG_PAYLOAD_MAX_BYTES: ['operation log', 'bytes'],
  HEARTHKEEP_OPLOG_CLIENTS: ['operation log', 'number'],
  HEARTHKEEP_OPLOG_ORIGINS: ['operation log', 'list'],
  HEARTHKEEP_HISTORY_VERSIONS: ['history', 'number'],
  HEARTHKEEP_HISTORY_DAYS: ['history', 'number'],
  HEARTHKEEP_ACCOUNT_GRACE_DAYS: ['history', 'number'],
  HEARTHKEEP_AUDIT_DAYS: ['history', 'number'],
  HEARTHKEEP_BLOBS: ['storage', 'choice'],
  HEARTHKEEP_BLOBS_DIR: ['storage', 'text'],
  HEARTHKEEP_S3_ENDPOINT: ['storage', 'text'],
  HEARTHKEEP_S3_REGION: ['storage', 'text'],
  HEARTHKEEP_S3_BUCKET: ['storage', 'text'],
  HEARTHKEEP_S3_ACCESS_KEY_ID: ['storage', 'secret'],
  HEARTHKEEP_S3_SECRET_ACCESS_KEY: ['storage', 'secret'],
  HEARTHKEEP_S3_PREFIX: ['storage', 'text'],
  HEARTHKEEP_S3_FORCE_PATH_STYLE: ['storage', 'flag'],
  HEARTHKEEP_SNAPSHOT_DIR: ['snapshots', 'text'],
  HEARTHKEEP_SNAPSHOT_S3_ENDPOINT: ['snapshots', 'text'],
  HEARTHKEEP_SNAPSHOT_S3_REGION: ['snapshots', 'text'],
  HEARTHKEEP_SNAPSHOT_S3_BUCKET: ['snapshots', 'text'],
  HEARTHKEEP_SNAPSHOT_S3_ACCESS_KEY_ID: ['snapshots', 'secret'],
  HEARTHKEEP_SNAPSHOT_S3_SECRET_ACCESS_KEY: ['snapshots', 'secret'],
  HEARTHKEEP_SNAPSHOT_S3_PREFIX: ['snapshots', 'text'],
  HEARTHKEEP_SNAPSHOT_S3_FORCE_PATH_STYLE: ['snapshots', 'flag'],
  HEARTHKEEP_SNAPSHOT_HOURS: ['snapshots', 'number'],
  HEARTHKEEP_SNAPSHOT_KEEP_DAILY: ['snapshots', 'number'],
  HEARTHKEEP_SNAPSHOT_KEEP_WEEKLY: ['snapshots', 'number'],
  HEARTHKEEP_SCRUB_DAYS: ['snapshots', 'number'],
  HEARTHKEEP_METRICS_TOKEN: ['watching', 'secret'],
  HEARTHKEEP_LOG_LEVEL: ['watching', 'choice'],
} as const satisfies Record<Exclude<VariableName, LeftOut>, Facts>

export type DescribedName = keyof typeof variableFacts

/** A password among them is never kept at all, but must not be shown either. */
export function isSecret(name: string): boolean {
  const facts = Object.hasOwn(variableFacts, name) ? variableFacts[name as DescribedName] : undefined
  return facts?.[1] === 'secret' || !isKeepable(name)
}
