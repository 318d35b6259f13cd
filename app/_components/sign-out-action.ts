'use server'

import { type Outcome, outcomeOf } from '#app/_server/outcome.ts'
import { signOutMember } from '#app/_server/sign-out.ts'

/** End this browser's session. */
export async function signOut(): Promise<Outcome<void>> {
  return outcomeOf(signOutMember)
}
