import type { Orm } from '#db/client.ts'
import type { Context } from '#server/context.ts'
import { Problem } from '#server/kit/problem.ts'
import { recordEvent } from '#server/notices/audit.ts'
import { accountRequestOptions } from '#server/webauthn/ceremony-options.ts'
import { type ChallengeContext, requireContext } from '#server/webauthn/challenge-tokens.ts'
import type { RelyingParty } from '#server/webauthn/relying-party.ts'
import { spendOnce } from '#server/webauthn/spend-once.ts'
import { readAssertion, verifyAssertion } from '#server/webauthn/verify-assertion.ts'
import { notePasskeyUse, type PasskeyRow, readPasskey } from './passkey-store.ts'

const challengeBytes = 32

/** A household signs in seldom; a script does not. */
const pace = { name: 'passkey', perSecond: 0.5, burst: 30 }

/** What a page needs for `get()`, and hands back with its outcome. */
export type PasskeyRequest = { options: ReturnType<typeof accountRequestOptions>; token: string }

/** What came of it. */
export type PasskeyAnswer = { token: string; credential: unknown }

/**
 * Ask for a passkey.
 *
 * @param allow  none = any of this relying party's
 * @throws rate.limited
 */
export async function askForPasskey(
  ctx: Context,
  { rp, context, allow = [] }: { rp: RelyingParty; context: ChallengeContext; allow?: PasskeyRow[] },
  address: string,
): Promise<PasskeyRequest> {
  ctx.rates.take(pace, address)
  const payload = ctx.ids.random(challengeBytes)
  const token = await ctx.challenges.seal({ type: 'PASSKEY', context, payload })
  return { options: accountRequestOptions(rp, payload, allow), token }
}

/**
 * Verify what an authenticator answered, and do what it was asked for in the transaction that uses the challenge up.
 *
 * @param accept  given the passkey; throws auth.failed to refuse it
 * @throws challenge.*, webauthn.*, passkey.unknown, rate.limited, what `accept` throws
 */
export async function provePasskey<T>(
  ctx: Context,
  { token, credential }: PasskeyAnswer,
  { rp, context }: { rp: RelyingParty; context: ChallengeContext },
  address: string,
  accept: (tx: Orm, passkey: PasskeyRow) => T,
): Promise<T> {
  ctx.rates.take(pace, address)
  const challenge = await ctx.challenges.open(token, 'PASSKEY')
  requireContext(challenge, context)
  const assertion = readAssertion(credential)
  const passkey = readPasskey(ctx.db.read, assertion.credentialId)
  try {
    if (passkey?.rpId !== rp.id) throw new Problem('passkey.unknown')
    const use = await verifyAssertion(assertion, passkey, { rp, challenge: challenge.payload })
    return await ctx.db.write((tx) => {
      spendOnce(tx, challenge)
      const lastUsedAt = ctx.clock.now()
      if (!notePasskeyUse(tx, passkey, { ...use, lastUsedAt })) throw new Problem('webauthn.failed')
      return accept(tx, passkey)
    })
  } catch (error) {
    await ctx.db.write((tx) =>
      recordEvent(ctx, tx, { event: 'session.refused', accountId: passkey?.accountId ?? null, address }),
    )
    throw error
  }
}
