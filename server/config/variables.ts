import { isIP } from 'node:net'
import { isAbsolute } from 'node:path'
import { z } from 'zod'
import { keepingVariables, snapshotFaults } from './keeping-env.ts'
import { lanVariables } from './lan-env.ts'

const mebibyte = 1024 * 1024
const largestObject = 100 * mebibyte

const port = z.coerce.number().int().min(0).max(65_535)
const objectLimit = z.coerce.number().int().min(32).max(largestObject)
const list = z.string().transform((text) =>
  text
    .split(',')
    .map((part) => part.trim())
    .filter(Boolean),
)
const flag = z.stringbool()
const sessionDays = z.coerce.number().min(1).max(3_660)

/** Web origins as browsers send them, `*` for any, `off` for none. */
const origins = list
  .transform((entries) => (entries.join() === 'off' ? [] : entries.map((entry) => entry.toLowerCase())))
  .refine(
    (entries) => entries.every((entry) => entry === '*' || (URL.canParse(entry) && new URL(entry).origin === entry)),
    'must be `*`, `off`, or origins such as https://app.example separated by commas',
  )

/** One address or CIDR block, as `HEARTHKEEP_TRUSTED_PROXIES` lists them. */
const network = list.refine(
  (entries) =>
    entries.every((entry) => {
      const [address = '', bits, ...more] = entry.split('/')
      const family = isIP(address)
      if (family === 0 || more.length > 0) return false
      return bits === undefined || (/^\d{1,3}$/.test(bits) && Number(bits) <= (family === 4 ? 32 : 128))
    }),
  'must be addresses or CIDR blocks, separated by commas',
)

/** An origin as WebAuthn clients report it: `https://name[:port]`, or an Android app's key hash (factor-backup §3.4). */
const relyingPartyOrigins = list.refine(
  (entries) =>
    entries.every((entry) => {
      if (/^android:apk-key-hash:[\w-]{43}$/.test(entry)) return true
      return /^https?:\/\//.test(entry) && URL.canParse(entry) && new URL(entry).origin === entry.toLowerCase()
    }),
  'must be origins such as https://name.example or android:apk-key-hash:…, separated by commas',
)

/** Every variable this program reads (design §7); the environment gives it, or the keeper, who keeps it in the database. */
export const variables = {
  HEARTHKEEP_DATA_DIR: z.string().optional(),
  HEARTHKEEP_HTTP_PORT: port.optional(),
  PORT: port.optional(),
  HEARTHKEEP_HTTPS_PORT: z.union([z.literal('off'), port]).optional(),
  HEARTHKEEP_LAN_HTTP: z.enum(['connect', 'full']).default('connect'),
  HEARTHKEEP_HOSTNAME: z.hostname().optional(),
  HEARTHKEEP_PUBLIC_URL: z.url({ protocol: /^https?$/ }).optional(),
  HEARTHKEEP_TLS: z.enum(['local-ca', 'files', 'proxy', 'off']).optional(),
  HEARTHKEEP_TLS_CERT: z.string().optional(),
  HEARTHKEEP_TLS_KEY: z.string().optional(),
  HEARTHKEEP_REGISTRATION: z.enum(['open', 'invite', 'closed']).optional(),
  HEARTHKEEP_ADMIN_EMAIL: z.string().optional(),
  HEARTHKEEP_ADMIN_PASSWORD: z.string().min(8).optional(),
  HEARTHKEEP_BLOBS: z.enum(['disk', 's3']).default('disk'),
  HEARTHKEEP_BLOBS_DIR: z
    .string()
    .refine((path) => isAbsolute(path), 'must be a whole path')
    .optional(),
  HEARTHKEEP_S3_ENDPOINT: z.url().optional(),
  HEARTHKEEP_S3_REGION: z.string().default('us-east-1'),
  HEARTHKEEP_S3_BUCKET: z.string().min(3).optional(),
  HEARTHKEEP_S3_ACCESS_KEY_ID: z.string().optional(),
  HEARTHKEEP_S3_SECRET_ACCESS_KEY: z.string().optional(),
  HEARTHKEEP_S3_PREFIX: z.string().default(''),
  HEARTHKEEP_S3_FORCE_PATH_STYLE: flag.default(true),
  ...keepingVariables,
  ...lanVariables,
  HEARTHKEEP_SMTP_URL: z.url({ protocol: /^smtps?$/ }).optional(),
  HEARTHKEEP_MAIL_FROM: z.string().optional(),
  HEARTHKEEP_SLOT_MAX_BYTES: objectLimit.optional(),
  HEARTHKEEP_PERSONA_MAX_BYTES: objectLimit.optional(),
  HEARTHKEEP_FACTOR_BACKUP_MAX_BYTES: objectLimit.optional(),
  HEARTHKEEP_RP_ID: z.hostname().optional(),
  HEARTHKEEP_RP_NAME: z.string().min(1).default('Hearthkeep'),
  HEARTHKEEP_RP_ORIGINS: relyingPartyOrigins.optional(),
  HEARTHKEEP_OIDC_GOOGLE_ISSUER: z.url().default('https://accounts.google.com'),
  HEARTHKEEP_OIDC_GOOGLE_JWKS_URL: z.url().optional(),
  HEARTHKEEP_OIDC_GOOGLE_AUDIENCE: list.optional(),
  HEARTHKEEP_OIDC_GOOGLE_NAME: z.string().min(1).default('Google'),
  HEARTHKEEP_OIDC_APPLE_ISSUER: z.url().default('https://appleid.apple.com'),
  HEARTHKEEP_OIDC_APPLE_JWKS_URL: z.url().optional(),
  HEARTHKEEP_OIDC_APPLE_AUDIENCE: list.optional(),
  HEARTHKEEP_OIDC_APPLE_NAME: z.string().min(1).default('Apple'),
  HEARTHKEEP_ATTESTATION: z.enum(['off', 'token', 'jwt']).default('off'),
  HEARTHKEEP_ATTESTATION_TOKEN: list.optional(),
  HEARTHKEEP_ATTESTATION_JWKS_URL: z.url().optional(),
  HEARTHKEEP_ATTESTATION_ISSUER: z.string().default('attestation.worldcoin.org'),
  HEARTHKEEP_ATTESTATION_AUDIENCE: z.string().default('toolsforhumanity.com'),
  HEARTHKEEP_QUOTA_BYTES: z.coerce.number().int().min(0).optional(),
  HEARTHKEEP_OPLOG_QUOTA_BYTES: z.coerce.number().int().min(0).optional(),
  HEARTHKEEP_OPLOG_QUOTA_OPERATIONS: z.coerce.number().int().min(0).optional(),
  HEARTHKEEP_OPLOG_PAYLOAD_MAX_BYTES: objectLimit.optional(),
  HEARTHKEEP_OPLOG_ORIGINS: origins.optional(),
  HEARTHKEEP_OPLOG_CLIENTS: z.coerce.number().int().min(1).max(100_000).optional(),
  HEARTHKEEP_HISTORY_VERSIONS: z.coerce.number().int().min(1).max(1_000).optional(),
  HEARTHKEEP_HISTORY_DAYS: z.coerce.number().min(1).max(3_660).optional(),
  HEARTHKEEP_ACCOUNT_GRACE_DAYS: z.coerce.number().min(0).max(366).optional(),
  HEARTHKEEP_AUDIT_DAYS: z.coerce.number().min(1).max(3_660).optional(),
  HEARTHKEEP_SESSION_DAYS: sessionDays.optional(),
  HEARTHKEEP_APP_SESSION_DAYS: sessionDays.optional(),
  HEARTHKEEP_OTP_SESSION_DAYS: sessionDays.optional(),
  HEARTHKEEP_PASSWORD_MIN_LENGTH: z.coerce.number().int().min(8).max(64).optional(),
  HEARTHKEEP_RATE_LIMIT: z.enum(['on', 'off']).default('on'),
  HEARTHKEEP_TRUSTED_PROXIES: network.optional(),
  HEARTHKEEP_METRICS_TOKEN: z.string().min(16).optional(),
  HEARTHKEEP_LOG_LEVEL: z.enum(['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent']).default('info'),
}

const shape = z.object(variables)

export type VariableName = keyof typeof variables
export type Variables = z.infer<typeof shape>

export function isVariable(name: string): name is VariableName {
  return Object.hasOwn(variables, name)
}

/** Settings of the server by the variable that gives them (`settings.ts`). */
export const settingVariables = {
  registration: 'HEARTHKEEP_REGISTRATION',
  slotMaxBytes: 'HEARTHKEEP_SLOT_MAX_BYTES',
  personaMaxBytes: 'HEARTHKEEP_PERSONA_MAX_BYTES',
  factorBackupMaxBytes: 'HEARTHKEEP_FACTOR_BACKUP_MAX_BYTES',
  quotaBytes: 'HEARTHKEEP_QUOTA_BYTES',
  oplogQuotaBytes: 'HEARTHKEEP_OPLOG_QUOTA_BYTES',
  oplogQuotaOperations: 'HEARTHKEEP_OPLOG_QUOTA_OPERATIONS',
  oplogClients: 'HEARTHKEEP_OPLOG_CLIENTS',
  oplogPayloadMaxBytes: 'HEARTHKEEP_OPLOG_PAYLOAD_MAX_BYTES',
  oplogOrigins: 'HEARTHKEEP_OPLOG_ORIGINS',
  historyVersions: 'HEARTHKEEP_HISTORY_VERSIONS',
  historyDays: 'HEARTHKEEP_HISTORY_DAYS',
  accountGraceDays: 'HEARTHKEEP_ACCOUNT_GRACE_DAYS',
  auditDays: 'HEARTHKEEP_AUDIT_DAYS',
  webSessionDays: 'HEARTHKEEP_SESSION_DAYS',
  cloudSessionDays: 'HEARTHKEEP_APP_SESSION_DAYS',
  otpSessionDays: 'HEARTHKEEP_OTP_SESSION_DAYS',
  passwordMinLength: 'HEARTHKEEP_PASSWORD_MIN_LENGTH',
  snapshotHours: 'HEARTHKEEP_SNAPSHOT_HOURS',
  snapshotKeepDaily: 'HEARTHKEEP_SNAPSHOT_KEEP_DAILY',
  snapshotKeepWeekly: 'HEARTHKEEP_SNAPSHOT_KEEP_WEEKLY',
  scrubDays: 'HEARTHKEEP_SCRUB_DAYS',
} as const satisfies Record<string, VariableName>

/** Those that are given, by the name of the setting. */
export type GivenSettings = {
  [K in keyof typeof settingVariables]?: Exclude<Variables[(typeof settingVariables)[K]], undefined>
}

export function settingsOf(v: Variables): GivenSettings {
  const pairs = Object.entries(settingVariables).map(([name, variable]) => [name, v[variable]] as const)
  return Object.fromEntries(pairs.filter(([, value]) => value !== undefined))
}

/** What each variable alone cannot tell, in words that begin with the names. */
export function faultsTogether(v: Variables, dataFolder: string): string[] {
  return [...contradictions(v), ...snapshotFaults(v, dataFolder)]
}

function contradictions(v: Variables): string[] {
  const faults: string[] = []
  if (v.HEARTHKEEP_BLOBS === 's3')
    for (const name of [
      'HEARTHKEEP_S3_BUCKET',
      'HEARTHKEEP_S3_ACCESS_KEY_ID',
      'HEARTHKEEP_S3_SECRET_ACCESS_KEY',
    ] as const)
      if (v[name] === undefined) faults.push(`${name}: needed when HEARTHKEEP_BLOBS=s3`)
  if ((v.HEARTHKEEP_ADMIN_EMAIL === undefined) !== (v.HEARTHKEEP_ADMIN_PASSWORD === undefined))
    faults.push('HEARTHKEEP_ADMIN_EMAIL, HEARTHKEEP_ADMIN_PASSWORD: needed together')
  if (v.HEARTHKEEP_TLS === 'files')
    for (const name of ['HEARTHKEEP_TLS_CERT', 'HEARTHKEEP_TLS_KEY'] as const)
      if (v[name] === undefined) faults.push(`${name}: needed when HEARTHKEEP_TLS=files`)
  if (v.HEARTHKEEP_TLS === 'proxy' && !v.HEARTHKEEP_TRUSTED_PROXIES?.length)
    faults.push('HEARTHKEEP_TRUSTED_PROXIES: needed when HEARTHKEEP_TLS=proxy, to know whose word to take')
  if (v.HEARTHKEEP_ATTESTATION === 'token' && !v.HEARTHKEEP_ATTESTATION_TOKEN?.length)
    faults.push('HEARTHKEEP_ATTESTATION_TOKEN: needed when HEARTHKEEP_ATTESTATION=token')
  if (v.HEARTHKEEP_ATTESTATION === 'jwt' && v.HEARTHKEEP_ATTESTATION_JWKS_URL === undefined)
    faults.push('HEARTHKEEP_ATTESTATION_JWKS_URL: needed when HEARTHKEEP_ATTESTATION=jwt')
  return faults
}

/** @throws ConfigError */
export function parseVariables(given: Record<string, string>): Variables {
  const parsed = shape.safeParse(given)
  if (parsed.success) return parsed.data
  throw new ConfigError(parsed.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`))
}

export class ConfigError extends Error {
  readonly faults: string[]

  constructor(faults: string[]) {
    super(`The configuration cannot be used:\n${faults.map((fault) => `  - ${fault}`).join('\n')}`)
    this.name = 'ConfigError'
    this.faults = faults
  }
}
