'use server'

import { revalidatePath } from 'next/cache'
import { z } from 'zod'
import { requireMemberAction } from '#app/_server/member.ts'
import { type Outcome, outcomeOf } from '#app/_server/outcome.ts'
import { removePersonaOf, restorePersonaOf } from '#app/_server/personas.ts'
import { readInput } from '#app/_server/read-input.ts'

const Version = z.object({ id: z.string().max(4096), version: z.number().int().min(1) })

export async function restoreVersion(given: z.infer<typeof Version>): Promise<Outcome<number>> {
  return changed(given, ({ id, version }, member) => restorePersonaOf(member, id, version))
}

/** Only the version that was on the screen; one that an app saved meanwhile stays. */
export async function removePersona(given: z.infer<typeof Version>): Promise<Outcome<void>> {
  return changed(given, ({ id, version }, member) => removePersonaOf(member, id, version))
}

type Member = Awaited<ReturnType<typeof requireMemberAction>>

async function changed<T>(
  given: unknown,
  work: (version: z.infer<typeof Version>, member: Member) => Promise<T>,
): Promise<Outcome<T>> {
  const outcome = await outcomeOf(async () => {
    const member = await requireMemberAction()
    return work(readInput(Version, given), member)
  })
  revalidatePath('/home', 'layout')
  return outcome
}
