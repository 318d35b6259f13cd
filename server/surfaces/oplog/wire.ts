import { z } from 'zod'
import { isUuid } from '#server/kit/ids.ts'

/** Shapes of oplog-sync §1 and §2. */

/** The most clients that `sync_status` may name (oplog-sync D17). */
export const mostStatusEntries = 10_000
/** Of the public key, bytes (oplog-sync D16). */
export const mostUserBytes = 8 * 1024
/** Seconds a request may wait for news. */
export const longestWait = 60

/** `-1` stands for "none yet" (oplog-sync D3, D17). */
const index = z.number().int().min(-1).max(Number.MAX_SAFE_INTEGER)

// By hand: the library passes over a member `__proto__`, and two keys would be one.
const Jwk = z.custom<Record<string, unknown>>(isJwk).meta({ type: 'object' })

/** One with a private member is not a public key and goes no further. */
function isJwk(value: unknown): boolean {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return false
  return Object.keys(value).length > 0 && !Object.hasOwn(value, 'd')
}

const User = z.union([
  z
    .string()
    .min(1)
    .refine((text) => text.isWellFormed() && !text.includes('PRIVATE KEY-----')),
  Jwk,
])

export const SyncRequest = z.object({
  user: User.describe('the public key: any non-empty string of at most 8 KiB, or a JWK; compared byte by byte'),
  client_id: z.string().refine(isUuid).describe('UUID of the client; upper and lower case are the same'),
  operation_index: index.nullish().describe('of the operation sent; without one, the last own index known'),
  // By hand: a thousand clients are checked ten times as fast, and the library passes over a member `__proto__`.
  sync_status: z
    .custom<Record<string, number>>(isStatus)
    .meta({ type: 'object', additionalProperties: { type: 'integer', minimum: -1 } })
    .nullish()
    .describe('client → last index of it that the caller knows; -1 for none'),
  payload: z.string().nullish().describe('the encrypted operation; absent or empty to fetch only'),
  payload_md5: z
    .string()
    .regex(/^[0-9a-f]{32}$/i)
    .nullish()
    .describe('checked if sent'),
  cursor: z.string().max(64).nullish().describe('a `Sync-Cursor`: what arrived since, whatever `sync_status` says'),
  wait: z.number().min(0).max(longestWait).nullish().describe('seconds to wait for news when there is none'),
})

function isStatus(value: unknown): boolean {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return false
  const entries = Object.entries(value)
  return (
    entries.length <= mostStatusEntries &&
    entries.every(([client, known]) => isUuid(client) && Number.isSafeInteger(known) && known >= -1)
  )
}

export const SyncLine = z.object({
  client_id: z.string().describe('as first sent'),
  operation_index: z.number().int().min(0),
  payload: z.string(),
})

export const ProofChallenge = z.object({ user: User })

export const ChallengeAnswer = z.object({
  challenge: z.string(),
  nonce: z.string().describe('base64 of RSA-OAEP-256(key, 32 random bytes)'),
  expires_in: z.number().int(),
})

const proven = {
  user: User,
  challenge: z.string().max(200),
  nonce: z.string().max(64).describe('base64 of the 32 decrypted bytes'),
}

export const Proof = z.object({
  ...proven,
  require: z.boolean().nullish().describe('from now on this log wants a proof from everybody; false lifts that'),
})

export const ProofAnswer = z.object({ token: z.string(), expires_in: z.number().int(), required: z.boolean() })

const name = z.string().trim().min(1).max(100)

export const LinkKey = z.object({ ...proven, name: name.nullish() })

export const LinkByCode = z.object({
  ...proven,
  code: z.string().min(1).max(100).describe('as the page /home/sync showed it; however it is written'),
  name: name.nullish(),
})

export const ChangeKey = z.object({
  name: name.nullish(),
  frozen: z.boolean().optional(),
  proof_required: z.boolean().optional(),
  quota_bytes: z.number().int().min(0).nullish(),
  quota_operations: z.number().int().min(0).nullish(),
})

export const KeyParams = z.object({ id: z.string().regex(/^\d{1,15}$/) })

export const KeyAnswer = z.object({
  id: z.string(),
  fingerprint: z.string().describe('first 16 hex digits of the key’s SHA-256'),
  name: z.string().nullable(),
  created_at: z.iso.datetime(),
  last_operation_at: z.iso.datetime().nullable(),
  operations: z.number().int(),
  bytes: z.number().int(),
  clients: z.number().int(),
  quota_bytes: z.number().int(),
  quota_operations: z.number().int(),
  frozen: z.boolean(),
  proof_required: z.boolean(),
})

export const KeyList = z.object({ keys: z.array(KeyAnswer) })

export const ErrorAnswer = z.object({ error: z.string(), message: z.string() })
