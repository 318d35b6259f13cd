'use server'

import { revalidatePath } from 'next/cache'
import { z } from 'zod'
import { changeNamesOf, leaveOf, requireExportOf } from '#app/_server/account.ts'
import { type Member, requireMemberAction } from '#app/_server/member.ts'
import { type Outcome, outcomeOf } from '#app/_server/outcome.ts'
import { readInput, requireTyped } from '#app/_server/read-input.ts'

const Name = z.string().max(320)
const Names = z.object({ email: Name, username: Name })

export async function changeNames(names: z.infer<typeof Names>): Promise<Outcome<void>> {
  const outcome = await asMember((member) => changeNamesOf(member, readInput(Names, names)))
  revalidatePath('/home', 'layout')
  return outcome
}

/** Whether `/home/account/download` will answer, or a proof is needed first. */
export async function askForDownload(): Promise<Outcome<void>> {
  return asMember(requireExportOf)
}

/** @param typed  what the member is called, as a confirmation */
export async function deleteMyAccount(typed: string): Promise<Outcome<void>> {
  return asMember((member) => {
    requireTyped(readInput(Name, typed), member.name)
    return leaveOf(member)
  })
}

function asMember<T>(work: (member: Member) => T | Promise<T>): Promise<Outcome<T>> {
  return outcomeOf(async () => work(await requireMemberAction()))
}
