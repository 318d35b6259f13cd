import { jwtVerify, SignJWT } from 'jose'
import type { Context } from '#server/context.ts'
import { isUuid } from '#server/kit/ids.ts'
import { Problem } from '#server/kit/problem.ts'

/** Lifetime of an access token, seconds (contract C §1). */
export const accessTokenSeconds = 900
const leewaySeconds = 60

/** What an access token says; `sid` is ours and lets sign-out take effect at once. */
export type AccessClaims = { accountId: string; deviceId: string | null; sessionId: string }

type Needs = Pick<Context, 'clock' | 'secrets'>

/**
 * HS256 JWT with `sub`, `device_id` (only when device-scoped), `sid` and `exp`.
 *
 * @returns the token and its expiry, unix seconds
 */
export async function signAccessToken(ctx: Needs, claims: AccessClaims): Promise<{ token: string; expiresAt: number }> {
  const expiresAt = Math.floor(ctx.clock.now() / 1000) + accessTokenSeconds
  const token = await new SignJWT({
    sub: claims.accountId,
    ...(claims.deviceId ? { device_id: claims.deviceId } : {}),
    sid: claims.sessionId,
    exp: expiresAt,
  })
    .setProtectedHeader({ typ: 'JWT', alg: 'HS256' })
    .sign(ctx.secrets.accessTokenKey)
  return { token, expiresAt }
}

const mostRemembered = 5_000

/** Tokens whose signature was found good, so that a device that saves often costs one check every fifteen minutes. */
export class VerifiedTokens {
  readonly #claims = new Map<string, AccessClaims & { expiresAt: number }>()

  /** @throws auth.failed on anything but a token of ours that has not run out (60 s leeway) */
  async verify(ctx: Needs, token: string): Promise<AccessClaims> {
    const known = this.#claims.get(token)
    if (known && ctx.clock.now() / 1000 < known.expiresAt + leewaySeconds) return known
    this.#claims.delete(token)
    const claims = await verifyAccessToken(ctx, token)
    this.#claims.set(token, claims)
    if (this.#claims.size > mostRemembered) this.#claims.delete(this.#claims.keys().next().value ?? '')
    return claims
  }
}

async function verifyAccessToken(ctx: Needs, token: string): Promise<AccessClaims & { expiresAt: number }> {
  const verified = await jwtVerify(token, ctx.secrets.accessTokenKey, {
    algorithms: ['HS256'],
    clockTolerance: leewaySeconds,
    currentDate: new Date(ctx.clock.now()),
    requiredClaims: ['sub', 'exp', 'sid'],
  }).catch((cause: unknown) => {
    throw new Problem('auth.failed', { cause })
  })
  const { sub, sid, device_id: deviceId, exp = 0 } = verified.payload
  if (!isUuidText(sub) || !isUuidText(sid) || !(deviceId === undefined || isUuidText(deviceId)))
    throw new Problem('auth.failed')
  return { accountId: sub, deviceId: deviceId ?? null, sessionId: sid, expiresAt: exp }
}

function isUuidText(value: unknown): value is string {
  return typeof value === 'string' && isUuid(value)
}
