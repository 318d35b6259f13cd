'use server'

import { revalidatePath } from 'next/cache'
import { z } from 'zod'
import { people } from '#app/_i18n/people.ts'
import { wordsOf } from '#app/_i18n/words-of.ts'
import { type Admin, requireAdminAction } from '#app/_server/admin.ts'
import { type Outcome, outcomeOf } from '#app/_server/outcome.ts'
import {
  deleteFor,
  disableFor,
  enableFor,
  endInvitationFor,
  type IssuedLink,
  inviteFor,
  issueResetLinkFor,
  type MadeInvitation,
  nameFor,
  nudgeFor,
  removePasskeyFor,
  setQuotaFor,
  setRoleFor,
  signOutFor,
} from '#app/_server/people.ts'
import { readInput, requireTyped } from '#app/_server/read-input.ts'
import { readGigabytes } from './read-gigabytes.ts'

const Id = z.uuid()
const Role = z.enum(['admin', 'member'])
const Gigabytes = z
  .string()
  .max(20)
  .transform(readGigabytes)
  .refine((read) => read !== 'invalid')
const Invitation = z.object({
  role: Role,
  uses: z.coerce.number().int().min(1).max(1_000),
  days: z.coerce.number().int().min(1).max(365),
  space: Gigabytes,
})
const CredentialId = z.base64url().min(1).max(1364)

/** @param form  `role`, `uses` 1–1000, `days` 1–365, `space` in GB or empty. @returns its code and link, this once */
export async function makeInvitation(form: FormData): Promise<Outcome<MadeInvitation>> {
  return changed((admin) => {
    const { role, uses, days, space } = readInput(Invitation, Object.fromEntries(form))
    return inviteFor(admin, { role, uses, days, quotaBytes: space })
  })
}

export async function revokeInvitation(id: string): Promise<Outcome<void>> {
  return changed((admin) => endInvitationFor(admin, readInput(Id, id)))
}

export async function remind(personId: string): Promise<Outcome<{ byMail: boolean }>> {
  const { nameless } = (await wordsOf(people)).list
  return changed((admin) => nudgeFor(admin, readInput(Id, personId), nameless))
}

export async function changeRole(personId: string, role: 'admin' | 'member'): Promise<Outcome<void>> {
  return changed((admin) => setRoleFor(admin, { personId: readInput(Id, personId), role: readInput(Role, role) }))
}

/** @param form  `space` in GB; empty = the server's default */
export async function changeQuota(personId: string, form: FormData): Promise<Outcome<void>> {
  return changed((admin) => {
    const quotaBytes = readInput(Gigabytes, form.get('space'))
    return setQuotaFor(admin, { personId: readInput(Id, personId), quotaBytes })
  })
}

export async function shutOut(personId: string): Promise<Outcome<void>> {
  return changed((admin) => disableFor(admin, readInput(Id, personId)))
}

/** Also calls a deletion off. */
export async function letIn(personId: string): Promise<Outcome<void>> {
  return changed((admin) => enableFor(admin, readInput(Id, personId)))
}

/** @param form  `typed`: what they are called, as a confirmation */
export async function deleteAccount(personId: string, form: FormData): Promise<Outcome<void>> {
  return changed((admin) => {
    const id = readInput(Id, personId)
    requireTyped(readInput(z.string().max(320), form.get('typed')), nameFor(admin, id))
    return deleteFor(admin, id)
  })
}

export async function signOutEverywhere(personId: string): Promise<Outcome<number>> {
  return changed((admin) => signOutFor(admin, readInput(Id, personId)))
}

/** @returns the link, this once */
export async function makeResetLink(personId: string): Promise<Outcome<IssuedLink>> {
  return changed((admin) => issueResetLinkFor(admin, readInput(Id, personId)))
}

export async function removePasskey(personId: string, credentialId: string): Promise<Outcome<void>> {
  return changed((admin) =>
    removePasskeyFor(admin, {
      personId: readInput(Id, personId),
      credentialId: readInput(CredentialId, credentialId),
    }),
  )
}

async function changed<T>(work: (admin: Admin) => T | Promise<T>): Promise<Outcome<T>> {
  const outcome = await outcomeOf(async () => work(await requireAdminAction()))
  revalidatePath('/admin', 'layout')
  return outcome
}
