import type { Context } from '#server/context.ts'
import { creationOptions, requestOptions } from '#server/webauthn/ceremony-options.ts'
import type { ChallengeContext } from '#server/webauthn/challenge-tokens.ts'
import { relyingPartyAt } from '#server/webauthn/relying-party.ts'

/** Names shown by the authenticator, and which options it gets (factor-backup §3.4). */
export type NewPasskey = { name: string; displayName: string; platform: 'IOS' | 'ANDROID' }

/** What the caller called us, from which the relying party follows unless it is configured. */
type Called = { host: string | null }

type KeypairChallenge = { challenge: string; token: string }
type PasskeyChallenge = { challenge: Record<string, unknown>; token: string }

const challengeBytes = 32

/** 32 random bytes for a key pair to sign, and the token that says what for (factor-backup §3.1). */
export async function keypairChallenge(ctx: Context, context: ChallengeContext): Promise<KeypairChallenge> {
  const payload = ctx.ids.random(challengeBytes)
  const token = await ctx.challenges.seal({ type: 'KEYPAIR', context, payload })
  return { challenge: payload.toString('base64'), token }
}

/** Options for making a passkey. @throws webauthn.failed when a name is empty */
export async function creationChallenge(
  ctx: Context,
  context: ChallengeContext,
  { host, ...names }: NewPasskey & Called,
): Promise<PasskeyChallenge> {
  const payload = ctx.ids.random(challengeBytes)
  const userId = uuidBytes(ctx.ids.randomUuid())
  const challenge = creationOptions(relyingPartyAt(ctx, host), { challenge: payload, userId, ...names })
  return { challenge, token: await ctx.challenges.seal({ type: 'PASSKEY', context, payload }) }
}

/** Options for using a passkey, whichever the person has (factor-backup §3.4). */
export async function requestChallenge(
  ctx: Context,
  context: ChallengeContext,
  { host }: Called,
): Promise<PasskeyChallenge> {
  const payload = ctx.ids.random(challengeBytes)
  const challenge = requestOptions(relyingPartyAt(ctx, host), payload)
  return { challenge, token: await ctx.challenges.seal({ type: 'PASSKEY', context, payload }) }
}

/** The challenge that a factor of that kind can answer; with `names`, for making it. */
export function newChallenge(
  ctx: Context,
  kind: 'PASSKEY' | 'OIDC_ACCOUNT' | 'EC_KEYPAIR',
  context: ChallengeContext,
  { host, names }: Called & { names?: NewPasskey },
): Promise<KeypairChallenge | PasskeyChallenge> {
  if (kind !== 'PASSKEY') return keypairChallenge(ctx, context)
  return names ? creationChallenge(ctx, context, { ...names, host }) : requestChallenge(ctx, context, { host })
}

function uuidBytes(uuid: string): Buffer {
  return Buffer.from(uuid.replaceAll('-', ''), 'hex')
}
