import type { RateLimit } from '#server/http/rate-limit.ts'
import { Problem } from '#server/kit/problem.ts'
import { invitationDays, makePairing } from '#server/lan/pairing/make-pairing.ts'
import { pairingLink } from '#server/lan/pairing/pairing-link.ts'
import { reachOf } from '#server/lan/pairing/redeem-pairing.ts'
import { makeInvitation } from '#server/people/invitations.ts'
import { registrationPolicy } from '#server/people/registration.ts'
import { requireProof } from '#server/people/require-proof.ts'
import type { Admin } from './admin.ts'
import { house } from './house.ts'
import type { Member } from './member.ts'

/** Each costs a stretching of its code. */
const made: RateLimit = { name: 'pairing made', perSecond: 0.1, burst: 10 }

/** `expiresAt` in milliseconds. */
export type PairingToShow = { code: string; link: string; expiresAt: number }

/** A code by which a device of the member's comes to trust this server. @throws pairing.off, rate.limited */
export async function makePairingOf({ accountId }: Member): Promise<PairingToShow> {
  const { ctx } = house()
  ctx.rates.take(made, accountId)
  const reach = reachOf(ctx)
  const { code, expiresAt } = await makePairing(ctx, { ca: reach.ca, madeBy: accountId })
  return { code, expiresAt, link: pairingLink({ ...reach, code, invitation: null }) }
}

/** One that brings a new member along. @throws as `makePairingOf`, and auth.proof_needed */
export async function makeInvitingPairing(admin: Admin): Promise<PairingToShow> {
  const { ctx } = house()
  const { accountId } = admin
  requireProof(ctx, admin)
  if (registrationPolicy(ctx.settings) === 'closed') throw new Problem('auth.registration_closed')
  ctx.rates.take(made, accountId)
  const reach = reachOf(ctx)
  const wish = { role: 'member', quotaBytes: null, uses: 1, days: invitationDays, madeBy: accountId } as const
  const { code, expiresAt, also } = await makePairing(ctx, { ca: reach.ca, madeBy: accountId }, (tx) =>
    makeInvitation(ctx, tx, wish),
  )
  return { code, expiresAt, link: pairingLink({ ...reach, code, invitation: also?.code ?? null }) }
}
