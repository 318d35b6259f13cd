import { cache } from 'react'
import { exportAccount } from '#server/home/export-account.ts'
import { isLanguage } from '#server/kit/language.ts'
import { Problem } from '#server/kit/problem.ts'
import { changeNames, type GivenNames } from '#server/people/change-names.ts'
import { keepAccount, leave } from '#server/people/leave.ts'
import { rememberLanguage } from '#server/people/remember-language.ts'
import { requireProof } from '#server/people/require-proof.ts'
import { readAccount } from '#server/people/store.ts'
import { closeWebSession, type Leaver, readLeavingSession } from '#server/people/web-session.ts'
import { house } from './house.ts'
import { writeLanguage } from './language-of-page.ts'
import { currentMember, type Member, requireOurPage } from './member.ts'
import { forgetSessionToken, readSessionToken, readVisitor } from './session-cookie.ts'

export type { Leaver }

export type AccountShown = {
  email: string | null
  username: string | null
  /** Milliseconds. */
  createdAt: number
  graceDays: number
  sendsMail: boolean
}

export function accountOf({ accountId }: Member): AccountShown {
  const { ctx } = house()
  const account = readAccount(ctx.db.read, accountId)
  if (!account) throw new Problem('auth.signed_out')
  const { email, username, createdAt } = account
  return {
    email,
    username,
    createdAt,
    graceDays: ctx.settings.values.accountGraceDays,
    sendsMail: ctx.outbox.sends,
  }
}

/** @throws as `changeNames` */
export async function changeNamesOf(member: Member, names: GivenNames): Promise<void> {
  await changeNames(house().ctx, member, names, (await readVisitor()).address)
}

/** Whether the member may download everything now. @throws auth.proof_needed */
export function requireExportOf(member: Member): void {
  requireProof(house().ctx, member)
}

/** Everything the member has, as a zip. @throws auth.proof_needed, rate.limited */
export async function exportOf(member: Member): Promise<AsyncIterable<Uint8Array>> {
  return exportAccount(house().ctx, member, (await readVisitor()).address)
}

/** Shut the account; it is deleted when the grace period is over. @throws as `leave` */
export async function leaveOf(member: Member): Promise<void> {
  await leave(house().ctx, member, (await readVisitor()).address)
  await forgetSessionToken()
}

/** Who signed in at this browser while their account is about to be deleted. */
export const currentLeaver: () => Promise<Leaver | null> = cache(async () => {
  const token = await readSessionToken()
  return token === null ? null : readLeavingSession(house().ctx, token)
})

/** Open the leaver's account again. @throws auth.foreign_origin, account.not_leaving */
export async function keepLeaversAccount(): Promise<void> {
  await requireOurPage()
  const leaver = await currentLeaver()
  if (!leaver) throw new Problem('account.not_leaving')
  await keepAccount(house().ctx, leaver, (await readVisitor()).address)
}

/** End the leaver's session; the account stays as it is. @throws auth.foreign_origin */
export async function signOutLeaver(): Promise<void> {
  await requireOurPage()
  const leaver = await currentLeaver()
  if (leaver) await closeWebSession(house().ctx, leaver)
  await forgetSessionToken()
}

/**
 * Have the pages speak a language to this browser from now on, and letters to whoever is signed in at it.
 * One that we do not speak changes nothing.
 *
 * @throws auth.foreign_origin
 */
export async function chooseLanguageHere(language: string): Promise<void> {
  await requireOurPage()
  if (!isLanguage(language)) return
  await writeLanguage(language)
  const reader = (await currentMember()) ?? (await currentLeaver())
  if (reader) await rememberLanguage(house().ctx, reader.accountId, language)
}
