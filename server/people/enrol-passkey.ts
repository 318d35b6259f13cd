import { isUniqueViolation } from '#db/sqlite-code.ts'
import type { Context } from '#server/context.ts'
import { Problem } from '#server/kit/problem.ts'
import { recordEvent } from '#server/notices/audit.ts'
import { passkeyAdded } from '#server/notices/templates/passkey-added.ts'
import { accountCreationOptions } from '#server/webauthn/ceremony-options.ts'
import { requireContext } from '#server/webauthn/challenge-tokens.ts'
import type { RelyingParty } from '#server/webauthn/relying-party.ts'
import { spendOnce } from '#server/webauthn/spend-once.ts'
import { type VerifiedPasskey, verifyRegistration } from '#server/webauthn/verify-registration.ts'
import { deviceName } from './device-name.ts'
import { authenticatorName } from './passkey-names.ts'
import { insertPasskey, listPasskeys, type PasskeyRow } from './passkey-store.ts'
import type { PasskeyAnswer } from './prove-passkey.ts'
import { requireProof } from './require-proof.ts'
import { tellPerson } from './tell-person.ts'
import type { Visitor, WebActor } from './web-session.ts'

const challengeBytes = 32
const mostPasskeys = 50

/** WebAuthn §5.8.4; an authenticator's own words for others are not kept. */
const knownTransports = new Set(['usb', 'nfc', 'ble', 'smart-card', 'hybrid', 'internal'])

/** What a page needs for `create()`, and hands back with its outcome. */
export type EnrolRequest = { options: ReturnType<typeof accountCreationOptions>; token: string }

const enrolContext = ({ accountId, sessionId }: WebActor, rp: RelyingParty) => ({
  kind: 'ACCOUNT_ENROL',
  accountId,
  sessionId,
  rpId: rp.id,
})

/** @throws auth.proof_needed, passkey.limit_reached */
export async function startEnrolment(ctx: Context, actor: WebActor, rp: RelyingParty): Promise<EnrolRequest> {
  requireProof(ctx, actor)
  const have = listPasskeys(ctx.db.read, actor.accountId)
  if (have.length >= mostPasskeys) throw new Problem('passkey.limit_reached')
  const challenge = ctx.ids.random(challengeBytes)
  const token = await ctx.challenges.seal({ type: 'PASSKEY', context: enrolContext(actor, rp), payload: challenge })
  const userId = Buffer.from(actor.accountId.replaceAll('-', ''), 'hex')
  const exclude = have.filter((passkey) => passkey.rpId === rp.id)
  return { options: accountCreationOptions(rp, { challenge, userId, name: actor.name, exclude }), token }
}

/**
 * Keep a new passkey; its owner is told.
 *
 * @returns what it is called for now: by its maker, else by the device it was made on
 * @throws challenge.*, webauthn.*, passkey.exists, passkey.limit_reached
 */
export async function enrolPasskey(
  ctx: Context,
  actor: WebActor,
  { token, credential }: PasskeyAnswer,
  rp: RelyingParty,
  { address, userAgent }: Visitor,
): Promise<{ credentialId: string; label: string }> {
  const challenge = await ctx.challenges.open(token, 'PASSKEY')
  requireContext(challenge, enrolContext(actor, rp))
  const made = await verifyRegistration(credential, { rp, challenge: challenge.payload })
  const { accountId } = actor
  try {
    const label = await ctx.db.write((tx) => {
      spendOnce(tx, challenge)
      const have = listPasskeys(tx, accountId)
      if (have.length >= mostPasskeys) throw new Problem('passkey.limit_reached')
      const label = firstLabel(made, userAgent, have)
      insertPasskey(tx, { ...rowOf(made), accountId, rpId: rp.id, label, createdAt: ctx.clock.now(), lastUsedAt: null })
      recordEvent(ctx, tx, { event: 'passkey.added', accountId, address, details: { label } })
      tellPerson(ctx, tx, accountId, (about) => passkeyAdded({ ...about, label }))
      return label
    })
    ctx.outbox.kick()
    return { credentialId: made.credentialId, label }
  } catch (error) {
    if (isUniqueViolation(error)) throw new Problem('passkey.exists', { cause: error })
    throw error
  }
}

function rowOf(made: VerifiedPasskey): Omit<PasskeyRow, 'accountId' | 'rpId' | 'label' | 'createdAt' | 'lastUsedAt'> {
  return { ...made, transports: made.transports.filter((transport) => knownTransports.has(transport)) }
}

function firstLabel({ aaguid, transports }: VerifiedPasskey, userAgent: string | null, have: PasskeyRow[]): string {
  const isKey = transports.includes('usb') || transports.includes('nfc')
  const name = authenticatorName(aaguid) ?? (isKey ? 'Security key' : (deviceName(userAgent) ?? 'Passkey'))
  const taken = new Set(have.map(({ label }) => label))
  let label = name
  for (let next = 2; taken.has(label); next++) label = `${name} ${next}`
  return label
}
