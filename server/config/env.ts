import { hostname } from 'node:os'
import { resolve } from 'node:path'
import { type Belongings, belongingsOf, readBelongings } from './belongings.ts'
import { defaultDataFolder } from './data-folder.ts'
import { type SnapshotConfig, snapshotConfig } from './keeping-env.ts'
import type { AndroidApp } from './lan-env.ts'
import { type Kept, mergeSources, type Sources, usableOf } from './sources.ts'
import {
  ConfigError,
  faultsTogether,
  type GivenSettings,
  parseVariables,
  settingsOf,
  type Variables,
  variables,
} from './variables.ts'

export { ConfigError } from './variables.ts'

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

/**
 * There is one for the whole process, and it changes in place when the keeper changes a variable (`kept-variables.ts`):
 * read from it when you need it, and remember nothing of it.
 */
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
  /** `folder`: null = the data folder's own. */
  blobs: { kind: 'disk'; folder: string | null } | { kind: 's3'; s3: S3Config }
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
  /** Settings that are given; they beat the defaults and what older versions kept under the settings' own names. */
  settings: GivenSettings
  /** Where the values come from; holds secrets. */
  sources: Sources
  /** `HEARTHKEEP_…` names that mean nothing to this version, most often typing errors. */
  unknown: string[]
  /** Names of kept variables that this version cannot read or that contradict others. */
  unusable: string[]
}

/**
 * Environment, over what the keeper keeps, over what a restore brought → typed configuration. An empty variable counts
 * as not set, and so does a kept one that cannot be used.
 *
 * @param kept  as read from the database
 * @throws ConfigError naming every variable that is wrong; never its value, which may be a secret
 */
export function readConfig(env: Record<string, string | undefined>, kept?: Kept): Config {
  const all = Object.entries(env).filter((entry): entry is [string, string] => Boolean(entry[1]))
  const dataFolder = resolve(defaultDataFolder(Object.fromEntries(all)))
  const environment = Object.fromEntries(all.filter(([name]) => name === 'PORT' || name.startsWith('HEARTHKEEP_')))
  const outer = { environment, restored: readBelongings(dataFolder) }
  const { usable, unusable } = usableOf(kept, outer, dataFolder)
  const sources = { ...outer, kept: usable }
  const given = mergeSources(sources)
  const faults = faultsTogether(parseVariables(given), dataFolder)
  if (faults.length > 0) throw new ConfigError(faults)
  return { ...makeConfig(dataFolder, sources, given), unusable }
}

/** @param given  what is in effect, which variables that wait for a restart may make differ from their sources */
export function makeConfig(
  dataFolder: string,
  sources: Omit<Sources, 'inEffect'>,
  given: Record<string, string>,
): Config {
  const v = parseVariables(given)
  const ownName = v.HEARTHKEEP_HOSTNAME ?? defaultHostname()
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
        ? { certificate: wholePath(v.HEARTHKEEP_TLS_CERT), key: wholePath(v.HEARTHKEEP_TLS_KEY) }
        : null,
    mdns: v.HEARTHKEEP_MDNS,
    apps: { android: v.HEARTHKEEP_ANDROID_APPS ?? [], apple: v.HEARTHKEEP_APPLE_APPS ?? [] },
    admin:
      v.HEARTHKEEP_ADMIN_EMAIL && v.HEARTHKEEP_ADMIN_PASSWORD
        ? { email: v.HEARTHKEEP_ADMIN_EMAIL, password: v.HEARTHKEEP_ADMIN_PASSWORD }
        : null,
    blobs:
      v.HEARTHKEEP_BLOBS === 's3'
        ? { kind: 's3', s3: s3Config(v) }
        : { kind: 'disk', folder: v.HEARTHKEEP_BLOBS_DIR ? resolve(v.HEARTHKEEP_BLOBS_DIR) : null },
    snapshots: snapshotConfig(v),
    belongings: belongingsOf({ ...sources.restored, ...sources.environment, HEARTHKEEP_HOSTNAME: ownName }),
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
    settings: settingsOf(v),
    sources: { ...sources, inEffect: given },
    unknown: Object.keys(given).filter((name) => name.startsWith('HEARTHKEEP_') && !(name in variables)),
    unusable: [],
  }
}

/** What routers and multicast DNS call this machine. */
export function defaultHostname(): string {
  return `${hostname().split('.')[0]?.toLowerCase() || 'hearthkeep'}.local`
}

/** The keeper's own file: the bundler of the pages must not take it for one of the program's. */
function wholePath(path = ''): string {
  return resolve(/* turbopackIgnore: true */ path)
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
