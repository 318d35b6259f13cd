import type { PasskeyAnswer, PasskeyRequest } from '#server/people/prove-passkey.ts'
import {
  signInByPasskey,
  signInByPassword,
  signInByRecoveryCode,
  startPasskeySignIn,
} from '#server/people/sign-in-to-pages.ts'
import { house } from './house.ts'
import { requireOurPage } from './member.ts'
import { requireRelyingParty } from './passkey-address.ts'
import { readArrival, readVisitor, writeSessionToken } from './session-cookie.ts'

export type { PasskeyAnswer, PasskeyRequest }

/** @throws auth.foreign_origin, passkey.address, rate.limited */
export async function startPasskey(): Promise<PasskeyRequest> {
  await requireOurPage()
  return startPasskeySignIn(house().ctx, await requireRelyingParty(), await readVisitor())
}

/** @throws as `signInByPasskey`, and auth.foreign_origin, passkey.address */
export async function enterByPasskey(answer: PasskeyAnswer): Promise<void> {
  await requireOurPage()
  await writeSessionToken(await signInByPasskey(house().ctx, answer, await requireRelyingParty(), await readArrival()))
}

/** @throws as `signInByPassword`, and auth.foreign_origin */
export async function enterByPassword(given: { name: string; password: string }): Promise<void> {
  await requireOurPage()
  await writeSessionToken(await signInByPassword(house().ctx, given, await readArrival()))
}

/** @throws as `signInByRecoveryCode`, and auth.foreign_origin */
export async function enterByRecoveryCode(given: { name: string; code: string }): Promise<void> {
  await requireOurPage()
  await writeSessionToken(await signInByRecoveryCode(house().ctx, given, await readArrival()))
}
