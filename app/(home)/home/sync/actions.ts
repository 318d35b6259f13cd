'use server'

import { revalidatePath } from 'next/cache'
import { z } from 'zod'
import { type Member, requireMemberAction } from '#app/_server/member.ts'
import { type Outcome, outcomeOf } from '#app/_server/outcome.ts'
import { readInput } from '#app/_server/read-input.ts'
import { changeKeyOf, deleteKeyOf, type KeyChanges, makeLinkCodeOf } from '#app/_server/sync.ts'

const Id = z.number().int().min(1)
const Name = z
  .string()
  .trim()
  .min(1)
  .refine((name) => [...name].length <= 100)
const mebibyte = 1024 * 1024

/** Empty = the server's own limit. */
const Whole = z
  .string()
  .trim()
  .regex(/^\d{0,9}$/)
  .transform((text) => (text === '' ? null : Number(text)))

/** `expiresAt` in milliseconds. */
export type LinkCode = { code: string; expiresAt: number }

export async function makeLinkCode(): Promise<Outcome<LinkCode>> {
  return outcomeOf(async () => makeLinkCodeOf(await requireMemberAction()))
}

/** @param form  `name`, up to 100 characters */
export async function renameKey(id: number, form: FormData): Promise<Outcome<void>> {
  return change(id, () => ({ name: readInput(Name, form.get('name')) }))
}

export async function freezeKey(id: number, frozen: boolean): Promise<Outcome<void>> {
  return change(id, () => ({ frozen: readInput(z.boolean(), frozen) }))
}

export async function liftProof(id: number): Promise<Outcome<void>> {
  return change(id, () => ({ proofRequired: false }))
}

/** @param form  `megabytes` and `operations`, whole numbers or nothing */
export async function limitKey(id: number, form: FormData): Promise<Outcome<void>> {
  return change(id, () => {
    const megabytes = readInput(Whole, form.get('megabytes'))
    return {
      quotaBytes: megabytes === null ? null : megabytes * mebibyte,
      quotaOperations: readInput(Whole, form.get('operations')),
    }
  })
}

/** @param form  `typed`, what the key is called */
export async function deleteKey(id: number, form: FormData): Promise<Outcome<void>> {
  return changed((member) => deleteKeyOf(member, readInput(Id, id), readInput(z.string().max(320), form.get('typed'))))
}

function change(id: number, changes: () => KeyChanges): Promise<Outcome<void>> {
  return changed((member) => changeKeyOf(member, readInput(Id, id), changes()))
}

async function changed(work: (member: Member) => Promise<void>): Promise<Outcome<void>> {
  const outcome = await outcomeOf(async () => work(await requireMemberAction()))
  revalidatePath('/home', 'layout')
  return outcome
}
