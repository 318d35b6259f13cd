import type { z } from 'zod'
import type { Context } from '#server/context.ts'
import { Problem } from '#server/kit/problem.ts'
import { requireContext } from '#server/webauthn/challenge-tokens.ts'
import { relyingPartyOf } from '#server/webauthn/relying-party.ts'
import { readAssertion } from '#server/webauthn/verify-assertion.ts'
import { addFactorWithKey } from './add-factor-with-key.ts'
import type { PasskeyData } from './factor-data.ts'
import { findProven, storedPasskey } from './prove-factor.ts'
import { registerFactor } from './register-factor.ts'
import { listKeys, updateFactor } from './store.ts'
import { spendOnce } from './used-tokens.ts'
import { verifyTurnkeyActivity } from './verify-turnkey-activity.ts'
import type { AddFactorRequest, FactorAdded } from './wire.ts'

/**
 * Add an OIDC account as main factor, allowed by an existing passkey inside a Turnkey activity
 * (factor-backup §4.7, §5.6). The checks come in the contract's order.
 *
 * @throws factors.not_supported, factors.missing_turnkey_activity, factors.turnkey_activity_error,
 *   factors.invalid_turnkey_activity, factors.invalid_challenge, factors.invalid_new_factor_authorization_type,
 *   factors.oidc_token_mismatch, and as `registerFactor` and `addFactorWithKey`
 */
export async function addFactor(
  ctx: Context,
  request: AddFactorRequest,
  address: string,
): Promise<z.infer<typeof FactorAdded>> {
  const { existingFactorAuthorization: existing, newFactorAuthorization: fresh } = request
  if (existing.kind !== 'PASSKEY') throw new Problem('factors.not_supported')
  const activity = request.existingFactorTurnkeyActivity ?? null
  if (activity === null) throw new Problem('factors.missing_turnkey_activity')
  const assertion = readAssertion(existing.credential, { userHandle: 'optional' })
  const proven = findProven(ctx, 'MAIN', { kind: 'PASSKEY', credentialId: assertion.credentialId })
  const stored = proven.factor.data as PasskeyData
  const { challenge, counter, backedUp } = verifyTurnkeyActivity({
    assertion,
    stored: storedPasskey(stored),
    activity,
    expectedOrganizationId: turnkeyAccountOf(ctx, proven.backup.key),
    rp: relyingPartyOf(ctx),
    now: ctx.clock.now(),
  })
  if (challenge === null)
    throw new Problem('factors.invalid_turnkey_activity', { message: 'Turnkey activity is missing server challenge' })

  const allowed = await ctx.challenges.open(request.existingFactorChallengeToken, 'PASSKEY')
  if (allowed.payload.toString('base64') !== challenge) throw new Problem('factors.invalid_challenge')
  if (allowed.context.kind !== 'ADDFACTOR')
    throw new Problem('challenge.wrong_context', { message: 'Challenge context mismatch' })
  if (fresh.kind !== 'OIDC_ACCOUNT') throw new Problem('factors.invalid_new_factor_authorization_type')
  if (fresh.oidcToken.token !== allowed.context.oidcToken) throw new Problem('factors.oidc_token_mismatch')
  requireContext(allowed, { kind: 'ADDFACTOR', oidcToken: fresh.oidcToken.token })

  const newProof = { authorization: fresh, challengeToken: request.newFactorChallengeToken }
  const data = await registerFactor(ctx, newProof, { kind: 'ADDFACTORBYNEWFACTOR' }, request.turnkeyProviderId ?? null)
  // The original forgot to use this one up (weakness §10.1).
  await ctx.db.write((tx) => {
    spendOnce(tx, allowed)
    updateFactor(tx, proven.factor.id, { data: { ...stored, counter, backedUp }, lastUsedAt: ctx.clock.now() })
  })
  return addFactorWithKey(ctx, proven, { data, encryptionKey: request.encryptedBackupKey ?? null, address })
}

/** The organisation that a kept Turnkey key names, which the activity must be for. */
function turnkeyAccountOf(ctx: Context, backupKey: string): string | null {
  const kept = listKeys(ctx.db.read, backupKey).find(({ data }) => data.kind === 'TURNKEY')
  return kept?.data.kind === 'TURNKEY' ? kept.data.turnkeyAccountId : null
}
