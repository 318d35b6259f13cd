import { type OpenedInvitation, openInvitation } from '#server/people/invitations.ts'
import { join } from '#server/people/join.ts'
import { type RegistrationPolicy, registrationPolicy } from '#server/people/registration.ts'
import { hasAnyAccount } from '#server/people/store.ts'
import { house } from './house.ts'
import { requireOurPage } from './member.ts'
import { requireLongPassword } from './password-rule.ts'
import { readArrival, readVisitor, writeSessionToken } from './session-cookie.ts'

export type { OpenedInvitation }

export type WaysToJoin = {
  policy: RegistrationPolicy
  /** Whether nobody has an account here yet. */
  isFirst: boolean
  /** Whether this server sends mail. */
  sendsMail: boolean
}

export function waysToJoin(): WaysToJoin {
  const { ctx } = house()
  return {
    policy: registrationPolicy(ctx.settings),
    isFirst: !hasAnyAccount(ctx.db.read),
    sendsMail: ctx.outbox.sends,
  }
}

/** @throws invitation.refused, auth.registration_closed, rate.limited */
export async function lookAtInvitation(code: string): Promise<OpenedInvitation> {
  return openInvitation(house().ctx, code, (await readVisitor()).address)
}

/** Make an account and sign in to it. @throws as `join`, and auth.foreign_origin */
export async function joinServer(given: { name: string; password: string; invitation: string | null }): Promise<void> {
  await requireOurPage()
  requireLongPassword(given.password)
  await writeSessionToken(await join(house().ctx, given, await readArrival()))
}
