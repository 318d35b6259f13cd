import type { Context } from '#server/context.ts'
import { Problem } from '#server/kit/problem.ts'
import { type ChallengeContext, type OpenedChallenge, requireContext } from '#server/webauthn/challenge-tokens.ts'
import { relyingPartiesOf } from '#server/webauthn/relying-party.ts'
import { verifyRegistration } from '#server/webauthn/verify-registration.ts'
import { checkSignature } from './check-signature.ts'
import { type FactorData, oidcData } from './factor-data.ts'
import { type Challenged, countingFailures, typeOf } from './prove-factor.ts'
import { spendOnce } from './used-tokens.ts'
import { verifyOidcToken } from './verify-oidc-token.ts'
import type { Authorization } from './wire.ts'

/**
 * Check that somebody holds the new factor they want to register, and use its challenge up (factor-backup §3.3).
 *
 * @param turnkeyProviderId  needed for OIDC accounts
 * @throws challenge.*, webauthn.*, factors.oidc_*, factors.signature_verification_error,
 *   factors.missing_turnkey_provider_id, factors.missing_email
 */
export async function registerFactor(
  ctx: Context,
  { authorization, challengeToken }: Challenged,
  expected: ChallengeContext,
  turnkeyProviderId: string | null = null,
): Promise<FactorData> {
  const challenge = await ctx.challenges.open(challengeToken, typeOf(authorization))
  requireContext(challenge, expected)
  const { data, spends } = await countingFailures(ctx, challenge, () =>
    verifyNew(ctx, authorization, challenge, turnkeyProviderId),
  )
  await ctx.db.write((tx) => {
    for (const token of [challenge, ...spends]) spendOnce(tx, token)
  })
  return data
}

/** As `registerFactor`, for sync factors. @throws factors.invalid_sync_factor_type too */
export function registerSyncFactor(ctx: Context, proof: Challenged, expected: ChallengeContext): Promise<FactorData> {
  if (proof.authorization.kind !== 'EC_KEYPAIR') throw new Problem('factors.invalid_sync_factor_type')
  return registerFactor(ctx, proof, expected)
}

type Verified = { data: FactorData; spends: Array<{ hash: string; expiresAt: number }> }

async function verifyNew(
  ctx: Context,
  authorization: Authorization,
  { payload }: OpenedChallenge,
  turnkeyProviderId: string | null,
): Promise<Verified> {
  switch (authorization.kind) {
    case 'EC_KEYPAIR': {
      checkSignature(authorization, payload)
      return { data: { kind: 'EC_KEYPAIR', publicKey: authorization.publicKey }, spends: [] }
    }
    case 'OIDC_ACCOUNT': {
      if (turnkeyProviderId === null) throw new Problem('factors.missing_turnkey_provider_id')
      const account = await verifyOidcToken(ctx, authorization.oidcToken, authorization.publicKey)
      checkSignature(authorization, payload)
      const { email, nonceHash, nonceExpiresAt } = account
      if (email === null) throw new Problem('factors.missing_email')
      return {
        data: oidcData({ ...account, email }, turnkeyProviderId),
        spends: [{ hash: nonceHash, expiresAt: nonceExpiresAt }],
      }
    }
    case 'PASSKEY': {
      const { credential, label = '' } = authorization
      const passkey = await verifyRegistration(credential, { rp: relyingPartiesOf(ctx), challenge: payload })
      const publicKey = passkey.publicKey.toString('base64')
      return { data: { kind: 'PASSKEY', ...passkey, publicKey, registration: credential, label }, spends: [] }
    }
  }
}
