import { createHmac } from 'node:crypto'
import type { Context } from '#server/context.ts'
import { Problem } from '#server/kit/problem.ts'
import { sameSecret } from '#server/kit/same-secret.ts'
import { oplogKey } from './cursor.ts'
import type { UserHash } from './public-key.ts'
import type { LogUser } from './store.ts'

type Needs = Pick<Context, 'clock' | 'secrets'>

/** What a proof is good for, seconds. */
export const tokenSeconds = 900

/**
 * A short-lived stand-in for the proof of possession (oplog-sync §3 b): expiry and MAC, so that nothing is kept of it.
 * It is bound to one key.
 */
export function signToken({ clock, secrets }: Needs, userHash: UserHash): string {
  const expiresAt = Math.floor(clock.now() / 1000) + tokenSeconds
  return `${expiresAt}.${mac(secrets, `token ${userHash} ${expiresAt}`)}`
}

/**
 * Let those through who have a proof, or whose log does not ask for one.
 *
 * @throws log.proof_required
 */
export function requireProof(ctx: Needs, user: LogUser | undefined, token: string | null): void {
  if (!user || user.proofRequiredAt === null) return
  if (token === null || !isProof(ctx, user.userHash, token))
    throw new Problem('log.proof_required', { headers: { 'WWW-Authenticate': 'Bearer realm="sync"' } })
}

function isProof({ clock, secrets }: Needs, userHash: UserHash, token: string): boolean {
  const [expiresAt = '', given = ''] = token.split('.')
  const isGood = sameSecret(given, mac(secrets, `token ${userHash} ${expiresAt}`))
  return isGood && Number(expiresAt) * 1000 > clock.now()
}

export function mac(secrets: Needs['secrets'], text: string): string {
  return createHmac('sha256', oplogKey(secrets, 'proof')).update(text).digest('base64url')
}
