import type { z } from 'zod'
import type { Context } from '#server/context.ts'
import { addFactorWithKey } from './add-factor-with-key.ts'
import { newChallenge } from './issue-challenge.ts'
import { proveFactor, typeOf } from './prove-factor.ts'
import { registerFactor } from './register-factor.ts'
import type { AddMainFactorChallengeRequest, AddMainFactorRequest, FactorAdded, MainFactorChallenge } from './wire.ts'

/**
 * Challenges for both sides of adding a main factor. They carry a number of their own, so that a proof for one addition
 * is none for another.
 *
 * @throws webauthn.failed when a passkey is to be made without names
 */
export async function issueMainFactorChallenges(
  ctx: Context,
  request: AddMainFactorChallengeRequest,
  host: string | null,
): Promise<z.infer<typeof MainFactorChallenge>> {
  const pair = ctx.ids.randomUuid()
  const existing = await newChallenge(ctx, request.existingKind, { kind: 'ADDMAINFACTOR', pair }, { host })
  const { name, displayName, platform } = request
  const fresh = await newChallenge(
    ctx,
    request.newKind,
    { kind: 'ADDMAINFACTORBYNEWFACTOR', pair },
    { host, names: { name: name ?? '', displayName: displayName ?? '', platform: platform ?? 'IOS' } },
  )
  return {
    existingFactorChallenge: existing.challenge,
    existingFactorToken: existing.token,
    newFactorChallenge: fresh.challenge,
    newFactorToken: fresh.token,
  }
}

/**
 * Add a main factor of any kind, allowed by a main factor of any kind; what the original lacks (weakness §10.3).
 *
 * @throws challenge.wrong_context when the challenges are not of one pair, and as `proveFactor`, `registerFactor` and
 *   `addFactorWithKey`
 */
export async function addMainFactor(
  ctx: Context,
  request: AddMainFactorRequest,
  address: string,
): Promise<z.infer<typeof FactorAdded>> {
  const existing = {
    authorization: request.existingFactorAuthorization,
    challengeToken: request.existingFactorChallengeToken,
  }
  const opened = await ctx.challenges.open(existing.challengeToken, typeOf(existing.authorization))
  const pair = opened.context.pair ?? ''
  const proven = await proveFactor(ctx, existing, 'MAIN', { kind: 'ADDMAINFACTOR', pair })
  const newProof = { authorization: request.newFactorAuthorization, challengeToken: request.newFactorChallengeToken }
  const context = { kind: 'ADDMAINFACTORBYNEWFACTOR', pair }
  const data = await registerFactor(ctx, newProof, context, request.turnkeyProviderId ?? null)
  return addFactorWithKey(ctx, proven, {
    data,
    encryptionKey: request.encryptedBackupKey ?? null,
    replaceKey: request.replaceEncryptionKey ?? false,
    address,
  })
}
