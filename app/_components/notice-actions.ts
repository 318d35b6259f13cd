'use server'

import { revalidatePath } from 'next/cache'
import { z } from 'zod'
import { requireMemberAction } from '#app/_server/member.ts'
import { dismissNoticesOf } from '#app/_server/notices.ts'
import { type Outcome, outcomeOf } from '#app/_server/outcome.ts'
import { readInput } from '#app/_server/read-input.ts'

const Which = z.union([
  z.object({ ids: z.array(z.string().max(36)).min(1).max(50) }),
  z.object({ until: z.number().int().nonnegative() }),
])

/** The member has taken note of these, or of all up to a time. */
export async function dismissNotices(which: z.infer<typeof Which>): Promise<Outcome<void>> {
  const outcome = await outcomeOf(async () => {
    const member = await requireMemberAction()
    await dismissNoticesOf(member, readInput(Which, which))
  })
  // The bell stands on every page.
  revalidatePath('/', 'layout')
  return outcome
}
