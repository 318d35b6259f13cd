import { removePasskey, renamePasskey } from '#server/people/change-passkeys.ts'
import { changePassword } from '#server/people/change-password.ts'
import { type EnrolRequest, enrolPasskey, startEnrolment } from '#server/people/enrol-passkey.ts'
import { proveByPasskey, proveByPassword, startProofByPasskey } from '#server/people/prove-again.ts'
import type { PasskeyAnswer, PasskeyRequest } from '#server/people/prove-passkey.ts'
import { readSecurity, type SecurityOverview } from '#server/people/read-security.ts'
import { makeRecoveryCodes } from '#server/people/recovery-codes.ts'
import { house } from './house.ts'
import type { Member } from './member.ts'
import { requireRelyingParty } from './passkey-address.ts'
import { requireLongPassword } from './password-rule.ts'
import { readVisitor } from './session-cookie.ts'

export type { EnrolRequest, PasskeyAnswer, PasskeyRequest, SecurityOverview }

export function securityOf(member: Member): SecurityOverview & { now: number } {
  const { ctx } = house()
  return { ...readSecurity(ctx, member), now: ctx.clock.now() }
}

export async function startEnrolmentOf(member: Member): Promise<EnrolRequest> {
  return startEnrolment(house().ctx, member, await requireRelyingParty())
}

export async function enrolPasskeyOf(
  member: Member,
  answer: PasskeyAnswer,
): Promise<{ credentialId: string; label: string }> {
  return enrolPasskey(house().ctx, member, answer, await requireRelyingParty(), await readVisitor())
}

export function renamePasskeyOf(member: Member, passkey: { credentialId: string; label: string }): Promise<void> {
  return renamePasskey(house().ctx, member, passkey)
}

export function removePasskeyOf(member: Member, credentialId: string): Promise<void> {
  return removePasskey(house().ctx, member, credentialId)
}

export function makeRecoveryCodesOf(member: Member): Promise<string[]> {
  return makeRecoveryCodes(house().ctx, member)
}

export async function changePasswordOf(member: Member, password: string): Promise<void> {
  requireLongPassword(password)
  await changePassword(house().ctx, member, password, (await readVisitor()).address)
}

export async function startProofOf(member: Member): Promise<PasskeyRequest> {
  const { address } = await readVisitor()
  return startProofByPasskey(house().ctx, member, await requireRelyingParty(), address)
}

export async function proveByPasskeyOf(member: Member, answer: PasskeyAnswer): Promise<void> {
  const { address } = await readVisitor()
  await proveByPasskey(house().ctx, member, answer, await requireRelyingParty(), address)
}

export async function proveByPasswordOf(member: Member, password: string): Promise<void> {
  await proveByPassword(house().ctx, member, password, (await readVisitor()).address)
}
