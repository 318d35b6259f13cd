import { readFileSync } from 'node:fs'
import { join } from 'node:path'

/** Where a restore writes down what the server was called and how it was set by its environment. */
export const belongingsFile = 'belongings.json'

/**
 * Variables that make a server what it is for its devices and people, and so move house with it. Passkeys are bound to
 * the relying party, which follows the name. Not among them: paths, ports and credentials of the old machine.
 */
const movable = new Set([
  'HEARTHKEEP_HOSTNAME',
  'HEARTHKEEP_PUBLIC_URL',
  'HEARTHKEEP_REGISTRATION',
  'HEARTHKEEP_SLOT_MAX_BYTES',
  'HEARTHKEEP_PERSONA_MAX_BYTES',
  'HEARTHKEEP_FACTOR_BACKUP_MAX_BYTES',
  'HEARTHKEEP_RP_ID',
  'HEARTHKEEP_RP_NAME',
  'HEARTHKEEP_RP_ORIGINS',
  'HEARTHKEEP_ANDROID_APPS',
  'HEARTHKEEP_APPLE_APPS',
  'HEARTHKEEP_OIDC_GOOGLE_ISSUER',
  'HEARTHKEEP_OIDC_GOOGLE_JWKS_URL',
  'HEARTHKEEP_OIDC_GOOGLE_AUDIENCE',
  'HEARTHKEEP_OIDC_GOOGLE_NAME',
  'HEARTHKEEP_OIDC_APPLE_ISSUER',
  'HEARTHKEEP_OIDC_APPLE_JWKS_URL',
  'HEARTHKEEP_OIDC_APPLE_AUDIENCE',
  'HEARTHKEEP_OIDC_APPLE_NAME',
  'HEARTHKEEP_ATTESTATION_JWKS_URL',
  'HEARTHKEEP_ATTESTATION_ISSUER',
  'HEARTHKEEP_ATTESTATION_AUDIENCE',
  'HEARTHKEEP_QUOTA_BYTES',
  'HEARTHKEEP_OPLOG_QUOTA_BYTES',
  'HEARTHKEEP_OPLOG_QUOTA_OPERATIONS',
  'HEARTHKEEP_OPLOG_PAYLOAD_MAX_BYTES',
  'HEARTHKEEP_OPLOG_ORIGINS',
  'HEARTHKEEP_OPLOG_CLIENTS',
  'HEARTHKEEP_HISTORY_VERSIONS',
  'HEARTHKEEP_HISTORY_DAYS',
  'HEARTHKEEP_ACCOUNT_GRACE_DAYS',
  'HEARTHKEEP_AUDIT_DAYS',
  'HEARTHKEEP_SESSION_DAYS',
  'HEARTHKEEP_APP_SESSION_DAYS',
  'HEARTHKEEP_OTP_SESSION_DAYS',
  'HEARTHKEEP_PASSWORD_MIN_LENGTH',
  'HEARTHKEEP_SNAPSHOT_HOURS',
  'HEARTHKEEP_SNAPSHOT_KEEP_DAILY',
  'HEARTHKEEP_SNAPSHOT_KEEP_WEEKLY',
  'HEARTHKEEP_SCRUB_DAYS',
])

/** Of one run on one machine; nobody misses them on another. */
const ofTheMachine =
  /^HEARTHKEEP_(DATA_DIR|HTTPS?_PORT|LAN_HTTP|MDNS|RATE_LIMIT|LOG_LEVEL|SNAPSHOT_DIR|BLOBS_DIR|TEST_.*|RECOVERY_KEY|ADMIN_.*)$/

/** Kept in the database, these would have a restored server look for what only the old machine has. */
const ofTheOldMachine =
  /^HEARTHKEEP_(HTTPS?_PORT|LAN_HTTP|MDNS|TLS(_\w+)?|TRUSTED_PROXIES|RATE_LIMIT|LOG_LEVEL|SNAPSHOT_DIR|BLOBS|BLOBS_DIR|S3_\w+)$/

export function staysWithMachine(name: string): boolean {
  return ofTheOldMachine.test(name)
}

export type Belongings = {
  /** Name → value of what moves house; no secrets. */
  values: Record<string, string>
  /** Names of what was set as well and has to be set anew on another machine. */
  left: string[]
}

export function belongingsOf(given: Record<string, string | undefined>): Belongings {
  const set = Object.entries(given).filter((entry): entry is [string, string] => entry[1] !== undefined)
  const ours = set.filter(([name]) => name.startsWith('HEARTHKEEP_'))
  return {
    values: Object.fromEntries(ours.filter(([name]) => movable.has(name))),
    left: ours.map(([name]) => name).filter((name) => !movable.has(name) && !ofTheMachine.test(name)),
  }
}

/**
 * What a restored server brought along. Its environment beats it.
 *
 * @throws Error when the file is there and cannot be read: under another name no passkey would work
 */
export function readBelongings(dataFolder: string): Record<string, string> {
  const path = join(dataFolder, belongingsFile)
  let text: string
  try {
    text = readFileSync(path, 'utf8')
  } catch (error) {
    if (['ENOENT', 'ENOTDIR'].includes((error as NodeJS.ErrnoException).code ?? '')) return {}
    throw error
  }
  const read: unknown = parse(text)
  if (typeof read !== 'object' || read === null) throw new Error(`${path} is damaged`)
  const entries = Object.entries(read).filter(([name, value]) => movable.has(name) && typeof value === 'string')
  return Object.fromEntries(entries) as Record<string, string>
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}
