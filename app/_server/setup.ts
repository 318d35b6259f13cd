import { redirect } from 'next/navigation'
import { type DescribedVariable, describeVariables } from '#server/config/describe-variables.ts'
import type { TestMail } from '#server/notices/send-test-mail.ts'
import type { RegistrationPolicy } from '#server/people/registration.ts'
import { hasAnyAccount } from '#server/people/store.ts'
import type { Claimant } from '#server/setup/answer-step.ts'
import { chooseMail, type MailServer, tryChosenMail } from '#server/setup/choose-mail.ts'
import { type ChosenStorage, chooseStorage, readStoragePlace } from '#server/setup/choose-storage.ts'
import { claimSetup } from '#server/setup/claim.ts'
import { finishSetup } from '#server/setup/finish-setup.ts'
import type { Restorable } from '#server/setup/list-restorable.ts'
import { becomeKeeper, makeKeeper } from '#server/setup/make-keeper.ts'
import { nameServer, type ServerName } from '#server/setup/name-server.ts'
import { readSetup, type SetupView } from '#server/setup/read-setup.ts'
import type { RestoreChoice, RestoreFrom, RestoreProgress } from '#server/setup/restoring.ts'
import { type SetupStep, setupSteps } from '#server/setup/state.ts'
import { house } from './house.ts'
import { languageOfPage } from './language-of-page.ts'
import { requireOurPage } from './member.ts'
import { requireLongPassword } from './password-rule.ts'
import { readArrival, readVisitor, writeSessionToken } from './session-cookie.ts'
import { forgetClaim, readClaim, writeClaim } from './setup-cookie.ts'
import { asStore, type GivenPlace } from './storage.ts'

export type { ChosenStorage, MailServer, Restorable, RestoreProgress, ServerName, SetupStep, SetupView, TestMail }
export { setupSteps }

/** How far set-up is for this browser; null once the server is set up. */
export async function currentSetup(): Promise<SetupView | null> {
  return readSetup(house().ctx, await readClaim())
}

/**
 * For the pages of set-up. Redirects to `/` for ever once the server is set up, to `/setup` whoever has not claimed it,
 * and to the account before everything that needs somebody to answer for it.
 */
export async function requireSetup(step: SetupStep | 'restore'): Promise<SetupView> {
  const setup = await currentSetup()
  if (!setup) redirect('/')
  if (setup.claim !== 'yours') redirect('/setup')
  if (setup.isRestoring && step !== 'restore') redirect('/setup/restore')
  if (step !== 'restore' && step !== 'keeper' && setup.keeper === null) redirect('/setup/keeper')
  return setup
}

/** Variables by name, with where their values come from. */
export function describedVariables(): Map<string, DescribedVariable> {
  return new Map(describeVariables(house().ctx).map((one) => [one.name, one]))
}

/** What a page of set-up tells about the machine. */
export function setupFacts(): { hasAccounts: boolean; dataFolder: string; port: string } {
  const { ctx } = house()
  return {
    hasAccounts: hasAnyAccount(ctx.db.read),
    dataFolder: ctx.config.dataFolder,
    port: new URL(ctx.address).port,
  }
}

/** @throws as `claimSetup`, and auth.foreign_origin */
export async function claimServer(code: string): Promise<void> {
  await requireOurPage()
  await writeClaim(await claimSetup(house().ctx, code, (await readVisitor()).address))
}

/** @throws as `makeKeeper` and `becomeKeeper`, and auth.foreign_origin */
export async function appointKeeper(given: { name: string; password: string; isNew: boolean }): Promise<void> {
  await requireOurPage()
  if (given.isNew) requireLongPassword(given.password)
  const appoint = given.isNew ? makeKeeper : becomeKeeper
  await writeSessionToken(await appoint(house().ctx, await readClaim(), given, await readArrival()))
}

/** @throws as `nameServer`, and auth.foreign_origin */
export async function nameThisServer(given: ServerName): Promise<void> {
  await nameServer(house().ctx, await claimant(), given)
}

/** Where objects lie now, and whether that can be chosen. */
export function storageOfSetup() {
  return readStoragePlace(house().ctx)
}

/** @param place  null = in the data folder. @throws as `chooseStorage`, and auth.foreign_origin */
export async function chooseStoragePlace(place: GivenPlace | null): Promise<ChosenStorage> {
  return chooseStorage(house().ctx, await claimant(), place ? asStore(place) : { kind: 'disk', folder: null })
}

/** @throws as `chooseMail`, and auth.foreign_origin */
export async function chooseMailServer(given: MailServer | null): Promise<void> {
  await chooseMail(house().ctx, await claimant(), given)
}

/** @throws as `tryChosenMail`, and auth.foreign_origin */
export async function tryMailServer(given: MailServer, recipient: string): Promise<TestMail> {
  const to = { recipient, language: await languageOfPage() }
  return tryChosenMail(house().ctx, await claimant(), given, to)
}

/** @throws as `finishSetup`, and auth.foreign_origin */
export async function finishThisSetup(registration: RegistrationPolicy): Promise<void> {
  await finishSetup(house().ctx, await claimant(), registration)
  await forgetClaim()
}

/** @throws as `Restoring.look`, and auth.foreign_origin */
export async function lookForSnapshots(from: RestoreFrom): Promise<Restorable[]> {
  const { claim } = await claimant()
  return house().restoring.look(claim, from)
}

/** @throws as `Restoring.begin`, and auth.foreign_origin */
export async function beginRestore(choice: RestoreChoice): Promise<void> {
  const { claim } = await claimant()
  await house().restoring.begin(claim, choice)
}

/** @throws setup.closed, setup.not_claimed, auth.foreign_origin */
export async function restoreProgress(): Promise<RestoreProgress> {
  const { claim } = await claimant()
  return house().restoring.progress(claim)
}

/** @throws auth.foreign_origin */
async function claimant(): Promise<Claimant> {
  await requireOurPage()
  return { claim: await readClaim(), address: (await readVisitor()).address }
}
