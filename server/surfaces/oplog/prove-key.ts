import { constants, publicEncrypt } from 'node:crypto'
import type { Context } from '#server/context.ts'
import { Problem } from '#server/kit/problem.ts'
import { sameSecret } from '#server/kit/same-secret.ts'
import { recordEvent } from '#server/notices/audit.ts'
import { requireOpenRegistration } from '#server/people/registration.ts'
import { mac, signToken, tokenSeconds } from './proof-token.ts'
import { fingerprint, hashUser, rsaKeyOf, type SentUser, type UserHash } from './public-key.ts'
import { insertUser, readUser, updateUser } from './store.ts'
import { throttleNewUser } from './throttle.ts'

const nonceBytes = 32
/** Seconds to answer a challenge. */
const challengeSeconds = 120

/** What a client sends back: the challenge as it was, and the nonce it found in it, base64. */
export type Answered = { user: SentUser; challenge: string; nonce: string }

/**
 * A random nonce that only the private key can read (oplog-sync §3 b). Nothing is kept: the challenge holds the time and
 * a MAC over the nonce, so that a flood of them costs no memory. Whether the log exists makes no difference.
 *
 * @throws log.user_invalid, log.key_unprovable
 */
export function challengeKey(ctx: Context, user: SentUser): { challenge: string; nonce: string; seconds: number } {
  const userHash = hashUser(user)
  const key = rsaKeyOf(user)
  const nonce = ctx.ids.random(nonceBytes)
  const expiresAt = Math.floor(ctx.clock.now() / 1000) + challengeSeconds
  const challenge = `${expiresAt}.${macOf(ctx, userHash, expiresAt, nonce)}`
  try {
    const sealed = publicEncrypt({ key, padding: constants.RSA_PKCS1_OAEP_PADDING, oaepHash: 'sha256' }, nonce)
    return { challenge, nonce: sealed.toString('base64'), seconds: challengeSeconds }
  } catch (cause) {
    throw new Problem('log.key_unprovable', { cause })
  }
}

/**
 * @returns the hash of the key whose private half the sender has
 * @throws log.user_invalid, log.proof_failed
 */
export function checkProof(ctx: Context, { user, challenge, nonce }: Answered): UserHash {
  const userHash = hashUser(user)
  const [expiresAt = '', given = ''] = challenge.split('.')
  const found = Buffer.from(nonce, 'base64')
  const isRight = found.length === nonceBytes && sameSecret(given, macOf(ctx, userHash, Number(expiresAt), found))
  if (isRight && Number(expiresAt) * 1000 > ctx.clock.now()) return userHash
  ctx.metrics.event('oplog.proof_refused')
  throw new Problem('log.proof_failed')
}

/**
 * Trade a proof for a token; and, if asked to, let the log want one from everybody from now on, or from nobody.
 *
 * @throws log.proof_failed, log.user_invalid, auth.registration_closed and rate.limited for a log that is not there yet
 */
export async function proveKey(
  ctx: Context,
  answered: Answered,
  { require, address }: { require: boolean | null; address: string },
): Promise<{ token: string; seconds: number; required: boolean }> {
  const userHash = checkProof(ctx, answered)
  if (require !== null) await requireFromNowOn(ctx, userHash, require, address)
  const required = (readUser(ctx.db.read, userHash)?.proofRequiredAt ?? null) !== null
  return { token: signToken(ctx, userHash), seconds: tokenSeconds, required }
}

async function requireFromNowOn(ctx: Context, userHash: UserHash, require: boolean, address: string): Promise<void> {
  const known = readUser(ctx.db.read, userHash)
  if ((known?.proofRequiredAt != null) === require) return
  if (!known) {
    requireOpenRegistration(ctx.settings)
    throttleNewUser(ctx, address)
  }
  await ctx.db.write((tx) => {
    const at = ctx.clock.now()
    const user = readUser(tx, userHash) ?? insertUser(tx, { userHash, createdAt: at })
    updateUser(tx, user.id, { proofRequiredAt: require ? at : null })
    recordEvent(ctx, tx, {
      event: require ? 'log.proof_required' : 'log.proof_lifted',
      accountId: user.accountId,
      address,
      details: { key: fingerprint(userHash) },
    })
  })
}

function macOf(ctx: Context, userHash: UserHash, expiresAt: number, nonce: Buffer): string {
  return mac(ctx.secrets, `challenge ${userHash} ${expiresAt} ${nonce.toString('base64')}`)
}
