import { compactVerify } from 'jose'
import type { Context } from '#server/context.ts'
import { isProblem, Problem } from '#server/kit/problem.ts'
import { sameSecret } from '#server/kit/same-secret.ts'
import { readJwt } from './read-jwt.ts'
import { type HashedRequest, requestHash } from './request-hash.ts'

export type AttestedRequest = HashedRequest & {
  /** Header `attestation-token`. */
  token: string | null
}

type Needs = Pick<Context, 'config' | 'clock' | 'jwks'>

/**
 * Look at the attestation of a request (factor-backup §6): a configured token, or a JWT of the gateway for exactly this
 * request. A JWT is not remembered: it fits one body, whose challenge is good for one success, and a client may send the
 * same request again after a 429 or 5xx (weakness §10.12 does not arise).
 *
 * @returns what is wrong, or null: factors.invalid_attestation_token_header, factors.invalid_attestation_token,
 *   factors.invalid_attestation_token_claim; while attestation is off, server.failed too. Whether that is a refusal is
 *   for the caller to know
 * @throws server.failed when the gateway's keys cannot be had, unless attestation is off
 */
export async function checkAttestation(ctx: Needs, request: AttestedRequest): Promise<Problem | null> {
  const { mode, tokens } = ctx.config.attestation
  const { token } = request
  if (token === null || !/^[\t\x20-\x7e]+$/.test(token)) return new Problem('factors.invalid_attestation_token_header')
  if (isOneOf(tokens, token)) return null
  try {
    if (mode !== 'token') await verifyGatewayToken(ctx, token, request)
    else throw new Problem('factors.invalid_attestation_token')
  } catch (error) {
    if (isProblem(error) && (error.status < 500 || mode === 'off')) return error
    throw error
  }
  return null
}

/** All are compared, in constant time. */
function isOneOf(tokens: string[], token: string): boolean {
  return tokens.filter((known) => sameSecret(known, token)).length > 0
}

/** The checks come in the contract's order. A server that knows no gateway can trust no JWT. */
async function verifyGatewayToken(ctx: Needs, token: string, request: HashedRequest): Promise<void> {
  const { jwksUrl, issuer, audience } = ctx.config.attestation
  const jwt = readJwt(token)
  const kid = jwt?.header.kid
  if (!jwt || typeof kid !== 'string' || jwksUrl === null) throw new Problem('factors.invalid_attestation_token')

  const key = await (await ctx.jwks.of({ issuer, jwksUrl })).find({ alg: 'ES256', kid })
  const signed = key && (await compactVerify(token, key, { algorithms: ['ES256'] }).catch(() => null))
  if (!signed) throw new Problem('factors.invalid_attestation_token')

  const { pass, exp, iat, iss, aud, jti } = jwt.claims
  const now = ctx.clock.now()
  if (pass !== true) throw new Problem('factors.invalid_attestation_token')
  if (typeof exp !== 'number' || exp * 1000 < now) throw badClaim('Token expired or expires at claim')
  if (typeof iat !== 'number' || iat * 1000 > now) throw new Problem('factors.invalid_attestation_token')
  if (iss !== issuer) throw new Problem('factors.invalid_attestation_token')
  if (aud !== audience) throw badClaim('Audience claim is not valid')
  // A body that is no JSON has no hash; the original answers 500 here, we that the token is not for it.
  const hash = requestHash(request)
  if (hash === null || jti !== hash) throw badClaim('JTI claim (request hash) is not valid')
}

function badClaim(what: string): Problem {
  return new Problem('factors.invalid_attestation_token_claim', {
    message: `Invalid attestation token claim: ${what}.`,
  })
}
