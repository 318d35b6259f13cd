'use server'

import { revalidatePath } from 'next/cache'
import { z } from 'zod'
import { type Member, requireMemberAction } from '#app/_server/member.ts'
import { type Outcome, outcomeOf } from '#app/_server/outcome.ts'
import { readInput } from '#app/_server/read-input.ts'
import {
  changePasswordOf,
  type EnrolRequest,
  enrolPasskeyOf,
  makeRecoveryCodesOf,
  type PasskeyAnswer,
  removePasskeyOf,
  renamePasskeyOf,
  startEnrolmentOf,
} from '#app/_server/security.ts'

const Answer = z.object({ token: z.string(), credential: z.unknown() })
const CredentialId = z.base64url().min(1).max(1364)
const Label = z
  .string()
  .trim()
  .min(1)
  .refine((label) => [...label].length <= 60)
const NewPassword = z.string().max(1024)

export async function startEnrolment(): Promise<Outcome<EnrolRequest>> {
  return asMember(startEnrolmentOf)
}

/** Makes no page anew: it may be left at once (`server/http/page-answer.ts`). @returns what the passkey is called */
export async function enrolPasskey(answer: PasskeyAnswer): Promise<Outcome<string>> {
  return asMember(async (member) => (await enrolPasskeyOf(member, readInput(Answer, answer))).label)
}

/** @param form  `label`, up to 60 characters */
export async function renamePasskey(credentialId: string, form: FormData): Promise<Outcome<void>> {
  return changed((member) =>
    renamePasskeyOf(member, {
      credentialId: readInput(CredentialId, credentialId),
      label: readInput(Label, form.get('label')),
    }),
  )
}

export async function removePasskey(credentialId: string): Promise<Outcome<void>> {
  return changed((member) => removePasskeyOf(member, readInput(CredentialId, credentialId)))
}

export async function makeRecoveryCodes(): Promise<Outcome<string[]>> {
  return changed(makeRecoveryCodesOf)
}

export async function changePassword(password: string): Promise<Outcome<void>> {
  return changed((member) => changePasswordOf(member, readInput(NewPassword, password)))
}

function asMember<T>(work: (member: Member) => T | Promise<T>): Promise<Outcome<T>> {
  return outcomeOf(async () => work(await requireMemberAction()))
}

async function changed<T>(work: (member: Member) => T | Promise<T>): Promise<Outcome<T>> {
  const outcome = await asMember(work)
  revalidatePath('/home', 'layout')
  return outcome
}
