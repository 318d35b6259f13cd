import { createHash } from 'node:crypto'
import { compactVerify } from 'jose'
import { z } from 'zod'
import type { OidcProvider } from '#server/config/env.ts'
import type { Context } from '#server/context.ts'
import type { IssuerKeys } from '#server/http/jwks.ts'
import { Problem } from '#server/kit/problem.ts'
import { nonceOfKey } from './nonce-of-key.ts'
import { readJwt, type UnverifiedJwt } from './read-jwt.ts'
import type { OidcToken } from './wire.ts'

/** Who signed in. Issuer and subject together are the account; the e-mail address plays no role (§5.4). */
export type OidcAccount = {
  provider: 'GOOGLE' | 'APPLE'
  issuer: string
  subject: string
  email: string | null
  /** SHA-256 of provider and nonce, hex: a nonce is good for one sign-in. */
  nonceHash: string
  /** Milliseconds; until then the nonce must be remembered. */
  nonceExpiresAt: number
}

type Needs = Pick<Context, 'config' | 'clock' | 'jwks'>

const yearMilliseconds = 365 * 24 * 60 * 60_000
const oldestMilliseconds = 5 * 60_000
const aheadMilliseconds = 30_000

/** JSON numbers of seconds that a `Date` can hold. */
const seconds = z.number().min(-8.64e12).max(8.64e12)

const IdTokenClaims = z.object({
  iss: z.string(),
  sub: z.string().min(1),
  exp: seconds,
  iat: seconds,
  aud: z.unknown().optional(),
  nonce: z.string().nullish(),
  email: z.string().nullish(),
})

/**
 * Check an id_token of Google or Apple, and that it was made for this session key (factor-backup §5.4, steps 1–5). That
 * its nonce is new is for the caller to check, once the key has signed the challenge (weakness §10.11).
 *
 * @param publicKey  session key, base64 of the uncompressed point; its hash is the nonce
 * @throws factors.oidc_token_invalid_aud, factors.oidc_token_parse_error, factors.oidc_token_verification_error,
 *   factors.oidc_token_invalid_nonce, server.failed when the issuer's keys cannot be had
 */
export async function verifyOidcToken(ctx: Needs, token: OidcToken, publicKey: string): Promise<OidcAccount> {
  const provider = ctx.config.oidc[token.kind === 'GOOGLE' ? 'google' : 'apple']
  const audiences = audiencesOf(token, provider)
  const keys = await ctx.jwks.of(provider)

  const jwt = readJwt(token.token)
  const claims = IdTokenClaims.safeParse(jwt?.claims)
  if (!jwt || !claims.success) throw new Problem('factors.oidc_token_parse_error')

  const { iss, sub, aud, exp, iat, nonce, email = null } = claims.data
  const now = ctx.clock.now()
  const inTime = exp * 1000 > now && iat * 1000 >= now - oldestMilliseconds && iat * 1000 <= now + aheadMilliseconds
  if (!isIssuer(iss, provider.issuer) || !isFor(aud, audiences) || !inTime || !(await isSigned(jwt, token.token, keys)))
    throw new Problem('factors.oidc_token_verification_error')

  requireNonce(nonce ?? null, nonceOfKey(publicKey))
  return {
    provider: token.kind,
    issuer: provider.issuer,
    subject: sub,
    email,
    nonceHash: createHash('sha256').update(`${token.kind}${nonce}`).digest('hex'),
    nonceExpiresAt: now + yearMilliseconds,
  }
}

/** Google signs its name with and without the scheme, for one and the same account (weakness §10.11). */
function isIssuer(given: string, known: string): boolean {
  return given === known || `https://${given}` === known
}

/** Step 1: the client ids of which one must be the token's audience. A provider without any is off. */
function audiencesOf(token: OidcToken, { audiences }: OidcProvider): string[] {
  if (token.kind === 'GOOGLE') {
    if (audiences.length === 0) throw new Problem('factors.oidc_token_verification_error')
    return audiences
  }
  const audience = token.aud ?? audiences[0]
  if (audience === undefined || !audiences.includes(audience)) throw new Problem('factors.oidc_token_invalid_aud')
  return [audience]
}

/** For one of them and for nobody else (regression §10.15: an extra audience). */
function isFor(aud: unknown, audiences: string[]): boolean {
  const named = new Set(Array.isArray(aud) ? aud : [aud])
  return named.size === 1 && audiences.some((audience) => named.has(audience))
}

/** Step 4, what the header may say, and the signature: RS256 by the key that `kid` names. */
async function isSigned({ header }: UnverifiedJwt, token: string, keys: IssuerKeys): Promise<boolean> {
  const plain = isJwtType(header.typ) && (header.cty ?? null) === null && (header.crit ?? null) === null
  if (!plain || header.alg !== 'RS256' || typeof header.kid !== 'string') return false
  const key = await keys.find({ alg: 'RS256', kid: header.kid })
  if (!key) return false
  return compactVerify(token, key, { algorithms: ['RS256'] }).then(
    () => true,
    () => false,
  )
}

/** Media types may be written in any case, with or without `application/` (RFC 7515 §4.1.9). */
function isJwtType(typ: unknown): boolean {
  if (typ === undefined || typ === null) return true
  return typeof typ === 'string' && /^(?:application\/)?(?:jwt|jose)$/i.test(typ)
}

/** Step 5. */
function requireNonce(nonce: string | null, expected: string): void {
  if (nonce === null) throw new Problem('factors.oidc_token_invalid_nonce')
  if (nonce === expected) return
  const message = `Nonce mismatch: expected ${expected}, got ${nonce}`
  throw new Problem('factors.oidc_token_invalid_nonce', { message })
}
