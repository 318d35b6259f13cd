'use server'

import { z } from 'zod'
import { joinServer, lookAtInvitation } from '#app/_server/join.ts'
import { requireOurPage } from '#app/_server/member.ts'
import { type Outcome, outcomeOf } from '#app/_server/outcome.ts'
import { readInput } from '#app/_server/read-input.ts'

const Code = z.string().min(1).max(100)
const Joining = z.object({
  name: z.string().min(1).max(320),
  password: z
    .string()
    .max(1024)
    .refine((password) => password.isWellFormed()),
  invitation: Code.nullable(),
})

/** Make an account, and be signed in to it. */
export async function makeAccount(given: z.infer<typeof Joining>): Promise<Outcome<void>> {
  return outcomeOf(() => joinServer(readInput(Joining, given)))
}

/** Whether an invitation is good. */
export async function checkInvitation(code: string): Promise<Outcome<null>> {
  return outcomeOf(async () => {
    await requireOurPage()
    await lookAtInvitation(readInput(Code, code))
    return null
  })
}
