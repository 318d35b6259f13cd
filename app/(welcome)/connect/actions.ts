'use server'

import { requireAdminAction } from '#app/_server/admin.ts'
import { requireMemberAction } from '#app/_server/member.ts'
import { type Outcome, outcomeOf } from '#app/_server/outcome.ts'
import { makeInvitingPairing, makePairingOf, type PairingToShow } from '#app/_server/pairing.ts'

/** A code for another device of one's own. */
export async function makePairingCode(): Promise<Outcome<PairingToShow>> {
  return outcomeOf(async () => makePairingOf(await requireMemberAction()))
}

/** A code for somebody who has no account here yet; admins only. */
export async function makeInvitingCode(): Promise<Outcome<PairingToShow>> {
  return outcomeOf(async () => makeInvitingPairing(await requireAdminAction()))
}
