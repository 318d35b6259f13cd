import { constants, createHash, publicEncrypt } from 'node:crypto'
import type { Orm } from '#db/client.ts'
import type { Context } from '#server/context.ts'
import { Problem } from '#server/kit/problem.ts'
import { sameSecret } from '#server/kit/same-secret.ts'
import { recordEvent } from '#server/notices/audit.ts'
import { requireOpenRegistration } from '#server/people/registration.ts'
import { mac, signToken, tokenSeconds } from './proof-token.ts'
import { fingerprint, hashUser, rsaKeyOf, type SentUser, type UserHash } from './public-key.ts'
import { insertUser, readUser, updateUser } from './store.ts'
import { throttleNewUser } from './throttle.ts'
import { spendProof } from './used-proofs.ts'

const nonceBytes = 32
/** Seconds to answer a challenge. */
const challengeSeconds = 120

/** What a client sends back: the challenge as it was, and the nonce it found in it, base64. */
export type Answered = { user: SentUser; challenge: string; nonce: string }

/**
 * A random nonce that only the private key can read (oplog-sync §3 b). Nothing is kept of it: the challenge holds the time
 * and a MAC over the nonce, so that a flood of them costs no memory; only a proof that was right is remembered as used. Whether the log exists makes no difference.
 *
 * @throws log.user_invalid, log.key_unprovable
 */
export function challengeKey(ctx: Context, user: SentUser): { challenge: string; nonce: string; seconds: number } {
  const userHash = hashUser(user)
  const key = rsaKeyOf(user)
  const nonce = ctx.ids.random(nonceBytes)
  const expiresAt = Math.floor(ctx.clock.now() / 1000) + challengeSeconds
  const challenge = seal(ctx, userHash, expiresAt, nonce)
  try {
    const sealed = publicEncrypt({ key, padding: constants.RSA_PKCS1_OAEP_PADDING, oaepHash: 'sha256' }, nonce)
    return { challenge, nonce: sealed.toString('base64'), seconds: challengeSeconds }
  } catch (cause) {
    throw new Problem('log.key_unprovable', { cause })
  }
}

/** What a sender has proved: that they have the private half of this key. `spendProof` uses it up. */
export type Proven = { userHash: UserHash; hash: string; expiresAt: number }

/** @throws log.user_invalid, log.proof_failed */
export function checkProof(ctx: Context, { user, challenge, nonce }: Answered): Proven {
  const userHash = hashUser(user)
  const seconds = Number.parseInt(challenge, 10)
  const found = Buffer.from(nonce, 'base64')
  const isRight = found.length === nonceBytes && sameSecret(challenge, seal(ctx, userHash, seconds, found))
  const expiresAt = seconds * 1000
  if (isRight && expiresAt > ctx.clock.now())
    return { userHash, hash: createHash('sha256').update(challenge).digest('hex'), expiresAt }
  ctx.metrics.event('oplog.proof_refused')
  throw new Problem('log.proof_failed')
}

/**
 * Trade a proof for a token; and, if asked to, let the log want one from everybody from now on, or from nobody.
 *
 * @throws log.proof_failed also for one used before, log.user_invalid, auth.registration_closed and rate.limited for a
 *   log that is not there yet
 */
export async function proveKey(
  ctx: Context,
  answered: Answered,
  { require, address }: { require: boolean | null; address: string },
): Promise<{ token: string; seconds: number; required: boolean }> {
  const proven = checkProof(ctx, answered)
  const { userHash } = proven
  const required = await ctx.db.write((tx) => {
    spendProof(tx, proven)
    if (require !== null) requireFromNowOn(ctx, tx, { userHash, require, address })
    return (readUser(tx, userHash)?.proofRequiredAt ?? null) !== null
  })
  return { token: signToken(ctx, userHash), seconds: tokenSeconds, required }
}

type Wish = { userHash: UserHash; require: boolean; address: string }

function requireFromNowOn(ctx: Context, tx: Orm, { userHash, require, address }: Wish): void {
  const known = readUser(tx, userHash)
  if ((known?.proofRequiredAt != null) === require) return
  if (!known) {
    requireOpenRegistration(ctx.settings)
    throttleNewUser(ctx, address)
  }
  const at = ctx.clock.now()
  const user = known ?? insertUser(tx, { userHash, createdAt: at })
  updateUser(tx, user.id, { proofRequiredAt: require ? at : null })
  recordEvent(ctx, tx, {
    event: require ? 'log.proof_required' : 'log.proof_lifted',
    accountId: user.accountId,
    address,
    details: { key: fingerprint(userHash) },
  })
}

function seal(ctx: Context, userHash: UserHash, expiresAt: number, nonce: Buffer): string {
  return `${expiresAt}.${mac(ctx.secrets, `challenge ${userHash} ${expiresAt} ${nonce.toString('base64')}`)}`
}
