import type { Orm } from '#db/client.ts'
import type { Context } from '#server/context.ts'
import { isProblem, Problem } from '#server/kit/problem.ts'
import { type ChallengeContext, type OpenedChallenge, requireContext } from '#server/webauthn/challenge-tokens.ts'
import { relyingPartiesOf } from '#server/webauthn/relying-party.ts'
import { type Assertion, readAssertion, verifyAssertion } from '#server/webauthn/verify-assertion.ts'
import { checkSignature } from './check-signature.ts'
import { type FactorData, type Identity, lookupKeyOf, type PasskeyData } from './factor-data.ts'
import { factorLimit } from './limits.ts'
import { type Backup, type Factor, findFactor, readBackup, readFactor, type Scope, updateFactor } from './store.ts'
import { noteFailure, spendOnce } from './used-tokens.ts'
import { verifyOidcToken } from './verify-oidc-token.ts'
import type { Authorization } from './wire.ts'

/** A factor that was proved to be there, and the backup it stands for: what every use case that reads or writes takes. */
export type Proven = { backup: Backup; factor: Factor }

export type Challenged = { authorization: Authorization; challengeToken: string }

/** How a proof finds the factor it is for; `restore` also looks among removed ones. */
export type FindFactor = (identity: Identity) => Proven

/**
 * Authenticate an existing factor: the challenge, the proof, the backup behind it; then the challenge is used up, and
 * what the proof brought (counter, backup state) is written back, in one transaction (factor-backup §3.3, §5.2).
 *
 * @param scope  SYNC takes EC key pairs alone
 * @throws factors.invalid_authorization_type, challenge.*, webauthn.*, factors.oidc_*,
 *   factors.signature_verification_error, factors.backup_untraceable, rate.limited
 */
export function proveFactor(
  ctx: Context,
  proof: Challenged,
  scope: Scope,
  expected: ChallengeContext,
): Promise<Proven> {
  if (scope === 'SYNC' && proof.authorization.kind !== 'EC_KEYPAIR')
    throw new Problem('factors.invalid_authorization_type')
  return proveBy(ctx, proof, expected, (identity) => findProven(ctx, scope, identity))
}

/** As `proveFactor`, with another way to find the factor. */
export async function proveBy(
  ctx: Context,
  { authorization, challengeToken }: Challenged,
  expected: ChallengeContext,
  find: FindFactor,
): Promise<Proven> {
  const challenge = await ctx.challenges.open(challengeToken, typeOf(authorization))
  requireContext(challenge, expected)
  const proof = await countingFailures(ctx, challenge, () => verify(ctx, authorization, challenge, find))
  ctx.rates.take(factorLimit, proof.proven.factor.id)
  await ctx.db.write((tx) => {
    for (const token of [challenge, ...proof.spends]) spendOnce(tx, token)
    requireCountedOn(tx, proof)
    const at = { lastUsedAt: ctx.clock.now() }
    updateFactor(tx, proof.proven.factor.id, proof.data ? { ...at, data: proof.data } : at)
  })
  return proof.proven
}

/** Of two copies of a passkey that answer at the same moment, one is late. */
function requireCountedOn(tx: Orm, { proven, data }: Verified): void {
  if (data?.kind !== 'PASSKEY' || data.counter === 0) return
  const latest = readFactor(tx, proven.factor.id)?.data
  if (latest?.kind === 'PASSKEY' && data.counter <= latest.counter) throw new Problem('webauthn.failed')
}

/** PASSKEY proofs answer passkey challenges, all others key-pair challenges (factor-backup §2.1). */
export function typeOf(authorization: Authorization): 'PASSKEY' | 'KEYPAIR' {
  return authorization.kind === 'PASSKEY' ? 'PASSKEY' : 'KEYPAIR'
}

/** Run a proof; one that fails is counted against its challenge (design §6). */
export async function countingFailures<T>(
  ctx: Context,
  challenge: OpenedChallenge,
  prove: () => Promise<T>,
): Promise<T> {
  try {
    return await prove()
  } catch (error) {
    if (isProblem(error) && error.status < 500) await ctx.db.write((tx) => noteFailure(tx, challenge))
    throw error
  }
}

/** @throws factors.backup_untraceable, factors.unauthorized_factor */
export function findProven(ctx: Context, scope: Scope, identity: Identity): Proven {
  const factor = findFactor(ctx.db.read, scope, lookupKeyOf(identity))
  if (!factor) throw new Problem('factors.backup_untraceable')
  const backup = readBackup(ctx.db.read, factor.backupKey)
  if (!backup || backup.deletedAt !== null) throw new Problem('factors.unauthorized_factor')
  return { backup, factor }
}

type Verified = {
  proven: Proven
  /** What is used up beside the challenge: the nonce of an id_token. */
  spends: Array<{ hash: string; expiresAt: number }>
  data?: FactorData
}

async function verify(
  ctx: Context,
  authorization: Authorization,
  challenge: OpenedChallenge,
  find: FindFactor,
): Promise<Verified> {
  switch (authorization.kind) {
    case 'EC_KEYPAIR': {
      checkSignature(authorization, challenge.payload)
      return { proven: find({ kind: 'EC_KEYPAIR', publicKey: authorization.publicKey }), spends: [] }
    }
    case 'OIDC_ACCOUNT': {
      const account = await verifyOidcToken(ctx, authorization.oidcToken, authorization.publicKey)
      // Before the nonce is used up, so that nobody can use up another's with a bad signature (weakness §10.11).
      checkSignature(authorization, challenge.payload)
      const { issuer, subject, nonceHash, nonceExpiresAt } = account
      const proven = find({ kind: 'OIDC_ACCOUNT', issuer, subject })
      return { proven, spends: [{ hash: nonceHash, expiresAt: nonceExpiresAt }] }
    }
    case 'PASSKEY': {
      const assertion = readAssertion(authorization.credential)
      const proven = find({ kind: 'PASSKEY', credentialId: assertion.credentialId })
      return { proven, spends: [], data: await verifyPasskey(ctx, assertion, proven.factor, challenge.payload) }
    }
  }
}

async function verifyPasskey(
  ctx: Context,
  assertion: Assertion,
  factor: Factor,
  challenge: Uint8Array,
): Promise<PasskeyData> {
  const data = factor.data as PasskeyData
  const rp = relyingPartiesOf(ctx)
  const { counter, backedUp } = await verifyAssertion(assertion, storedPasskey(data), { rp, challenge })
  return { ...data, counter, backedUp }
}

/** The passkey as verification wants it. */
export function storedPasskey(data: PasskeyData) {
  return { ...data, publicKey: Buffer.from(data.publicKey, 'base64') }
}
