import { isIP } from 'node:net'
import { hostname } from 'node:os'
import { resolve } from 'node:path'
import { z } from 'zod'
import { type Belongings, belongingsOf, readBelongings } from './belongings.ts'
import { defaultDataFolder } from './data-folder.ts'
import { keepingVariables, type SnapshotConfig, snapshotConfig, snapshotFaults } from './keeping-env.ts'
import { type AndroidApp, lanVariables } from './lan-env.ts'

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

/** Every variable this program reads, with its meaning for `config check` (design §7). */
const variables = {
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
  HEARTHKEEP_RATE_LIMIT: z.enum(['on', 'off']).default('on'),
  HEARTHKEEP_TRUSTED_PROXIES: network.optional(),
  HEARTHKEEP_METRICS_TOKEN: z.string().min(16).optional(),
  HEARTHKEEP_LOG_LEVEL: z.enum(['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent']).default('info'),
}

type Variables = z.infer<z.ZodObject<typeof variables>>

export type S3Config = {
  endpoint: string | undefined
  region: string
  bucket: string
  accessKeyId: string
  secretAccessKey: string
  prefix: string
  forcePathStyle: boolean
}

/** A sign-in service whose id_tokens are taken as factors. */
export type OidcProvider = {
  /** For people, e.g. on pages. */
  name: string
  issuer: string
  /** Null = what the issuer's discovery document says. */
  jwksUrl: string | null
  /** Client ids; none = the provider is off. */
  audiences: string[]
}

export type AttestationConfig = {
  mode: 'off' | 'token' | 'jwt'
  /** Static values that are accepted, compared in constant time. */
  tokens: string[]
  jwksUrl: string | null
  issuer: string
  audience: string
}

export type Config = {
  dataFolder: string
  /** 0 = any free port. */
  httpPort: number
  /** HTTPS on the LAN. */
  httpsPort: number | 'off'
  /** Whether somebody chose that port; the default one may give way to another server on this machine. */
  isHttpsPortChosen: boolean
  /** Whether plain HTTP is answered in full beyond loopback. */
  lanHttp: 'connect' | 'full'
  hostname: string
  /** Base of links in mail and on pages, without a trailing slash; null = derived from the listener. */
  publicUrl: string | null
  tls: 'local-ca' | 'files' | 'proxy' | 'off'
  /** Paths of PEM files; set exactly when `tls` is `files`. */
  tlsFiles: { certificate: string; key: string } | null
  /** Whether this server makes itself known in the house (mDNS). */
  mdns: 'on' | 'off'
  /** Apps of this server's own, for `/.well-known`. */
  apps: { android: AndroidApp[]; apple: string[] }
  admin: { email: string; password: string } | null
  blobs: { kind: 'disk' } | { kind: 's3'; s3: S3Config }
  /** Where server snapshots go; null = none are taken. */
  snapshots: SnapshotConfig | null
  /** What a snapshot takes along of the environment (`belongings.ts`). */
  belongings: Belongings
  mail: { smtpUrl: string; from: string } | null
  /** Relying party of factor backups; null = follows the server's name and address. */
  relyingParty: { id: string | null; name: string; origins: string[] | null }
  oidc: { google: OidcProvider; apple: OidcProvider }
  attestation: AttestationConfig
  rateLimit: boolean
  trustedProxies: string[]
  metricsToken: string | null
  logLevel: Variables['HEARTHKEEP_LOG_LEVEL']
  /** Settings given by the environment; they beat those kept in the database. */
  settings: {
    registration?: 'open' | 'invite' | 'closed'
    slotMaxBytes?: number
    personaMaxBytes?: number
    factorBackupMaxBytes?: number
    quotaBytes?: number
    oplogQuotaBytes?: number
    oplogQuotaOperations?: number
    oplogPayloadMaxBytes?: number
    oplogOrigins?: string[]
    snapshotHours?: number
    snapshotKeepDaily?: number
    snapshotKeepWeekly?: number
    scrubDays?: number
  }
  /** `HEARTHKEEP_…` names that mean nothing to this version, most often typing errors. */
  unknown: string[]
}

export class ConfigError extends Error {
  readonly faults: string[]

  constructor(faults: string[]) {
    super(`The configuration cannot be used:\n${faults.map((fault) => `  - ${fault}`).join('\n')}`)
    this.name = 'ConfigError'
    this.faults = faults
  }
}

/**
 * Environment → typed configuration. An empty variable counts as not set.
 *
 * @throws ConfigError naming every variable that is wrong; never its value, which may be a secret
 */
export function readConfig(env: Record<string, string | undefined>): Config {
  const own = Object.fromEntries(Object.entries(env).filter(([, value]) => value !== undefined && value !== ''))
  const dataFolder = resolve(defaultDataFolder(own))
  const given = { ...readBelongings(dataFolder), ...own }
  const parsed = z.object(variables).safeParse(given)
  if (!parsed.success)
    throw new ConfigError(parsed.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`))
  const v = parsed.data

  const faults = [...contradictions(v), ...snapshotFaults(v, dataFolder)]
  if (faults.length > 0) throw new ConfigError(faults)

  const ownName = v.HEARTHKEEP_HOSTNAME ?? `${hostname().split('.')[0]?.toLowerCase() || 'hearthkeep'}.local`
  return {
    dataFolder,
    httpPort: v.HEARTHKEEP_HTTP_PORT ?? v.PORT ?? 4180,
    httpsPort: v.HEARTHKEEP_HTTPS_PORT ?? 4443,
    isHttpsPortChosen: v.HEARTHKEEP_HTTPS_PORT !== undefined,
    lanHttp: v.HEARTHKEEP_LAN_HTTP,
    hostname: ownName,
    publicUrl: v.HEARTHKEEP_PUBLIC_URL?.replace(/\/+$/, '') ?? null,
    tls: v.HEARTHKEEP_TLS ?? 'local-ca',
    tlsFiles:
      v.HEARTHKEEP_TLS === 'files'
        ? { certificate: resolve(v.HEARTHKEEP_TLS_CERT ?? ''), key: resolve(v.HEARTHKEEP_TLS_KEY ?? '') }
        : null,
    mdns: v.HEARTHKEEP_MDNS,
    apps: { android: v.HEARTHKEEP_ANDROID_APPS ?? [], apple: v.HEARTHKEEP_APPLE_APPS ?? [] },
    admin:
      v.HEARTHKEEP_ADMIN_EMAIL && v.HEARTHKEEP_ADMIN_PASSWORD
        ? { email: v.HEARTHKEEP_ADMIN_EMAIL, password: v.HEARTHKEEP_ADMIN_PASSWORD }
        : null,
    blobs: v.HEARTHKEEP_BLOBS === 's3' ? { kind: 's3', s3: s3Config(v) } : { kind: 'disk' },
    snapshots: snapshotConfig(v),
    belongings: belongingsOf({ ...given, HEARTHKEEP_HOSTNAME: ownName }),
    mail: v.HEARTHKEEP_SMTP_URL
      ? { smtpUrl: v.HEARTHKEEP_SMTP_URL, from: v.HEARTHKEEP_MAIL_FROM ?? 'hearthkeep@localhost' }
      : null,
    relyingParty: {
      id: v.HEARTHKEEP_RP_ID?.toLowerCase() ?? null,
      name: v.HEARTHKEEP_RP_NAME,
      origins: v.HEARTHKEEP_RP_ORIGINS ?? null,
    },
    oidc: {
      google: {
        name: v.HEARTHKEEP_OIDC_GOOGLE_NAME,
        issuer: v.HEARTHKEEP_OIDC_GOOGLE_ISSUER,
        jwksUrl: v.HEARTHKEEP_OIDC_GOOGLE_JWKS_URL ?? null,
        audiences: v.HEARTHKEEP_OIDC_GOOGLE_AUDIENCE ?? [],
      },
      apple: {
        name: v.HEARTHKEEP_OIDC_APPLE_NAME,
        issuer: v.HEARTHKEEP_OIDC_APPLE_ISSUER,
        jwksUrl: v.HEARTHKEEP_OIDC_APPLE_JWKS_URL ?? null,
        audiences: v.HEARTHKEEP_OIDC_APPLE_AUDIENCE ?? [],
      },
    },
    attestation: {
      mode: v.HEARTHKEEP_ATTESTATION,
      tokens: v.HEARTHKEEP_ATTESTATION_TOKEN ?? [],
      jwksUrl: v.HEARTHKEEP_ATTESTATION_JWKS_URL ?? null,
      issuer: v.HEARTHKEEP_ATTESTATION_ISSUER,
      audience: v.HEARTHKEEP_ATTESTATION_AUDIENCE,
    },
    rateLimit: v.HEARTHKEEP_RATE_LIMIT === 'on',
    trustedProxies: v.HEARTHKEEP_TRUSTED_PROXIES ?? [],
    metricsToken: v.HEARTHKEEP_METRICS_TOKEN ?? null,
    logLevel: v.HEARTHKEEP_LOG_LEVEL,
    settings: defined({
      registration: v.HEARTHKEEP_REGISTRATION,
      slotMaxBytes: v.HEARTHKEEP_SLOT_MAX_BYTES,
      personaMaxBytes: v.HEARTHKEEP_PERSONA_MAX_BYTES,
      factorBackupMaxBytes: v.HEARTHKEEP_FACTOR_BACKUP_MAX_BYTES,
      quotaBytes: v.HEARTHKEEP_QUOTA_BYTES,
      oplogQuotaBytes: v.HEARTHKEEP_OPLOG_QUOTA_BYTES,
      oplogQuotaOperations: v.HEARTHKEEP_OPLOG_QUOTA_OPERATIONS,
      oplogPayloadMaxBytes: v.HEARTHKEEP_OPLOG_PAYLOAD_MAX_BYTES,
      oplogOrigins: v.HEARTHKEEP_OPLOG_ORIGINS,
      snapshotHours: v.HEARTHKEEP_SNAPSHOT_HOURS,
      snapshotKeepDaily: v.HEARTHKEEP_SNAPSHOT_KEEP_DAILY,
      snapshotKeepWeekly: v.HEARTHKEEP_SNAPSHOT_KEEP_WEEKLY,
      scrubDays: v.HEARTHKEEP_SCRUB_DAYS,
    }),
    unknown: Object.keys(given).filter((name) => name.startsWith('HEARTHKEEP_') && !(name in variables)),
  }
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

function s3Config(v: Variables): S3Config {
  return {
    endpoint: v.HEARTHKEEP_S3_ENDPOINT,
    region: v.HEARTHKEEP_S3_REGION,
    bucket: v.HEARTHKEEP_S3_BUCKET ?? '',
    accessKeyId: v.HEARTHKEEP_S3_ACCESS_KEY_ID ?? '',
    secretAccessKey: v.HEARTHKEEP_S3_SECRET_ACCESS_KEY ?? '',
    prefix: v.HEARTHKEEP_S3_PREFIX,
    forcePathStyle: v.HEARTHKEEP_S3_FORCE_PATH_STYLE,
  }
}

function defined<T extends object>(values: T): { [K in keyof T]?: Exclude<T[K], undefined> } {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined)) as never
}
