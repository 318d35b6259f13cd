'use server'

import { keepLeaversAccount, signOutLeaver } from '#app/_server/account.ts'
import { type Outcome, outcomeOf } from '#app/_server/outcome.ts'

export async function keepMyAccount(): Promise<Outcome<void>> {
  return outcomeOf(keepLeaversAccount)
}

export async function signOutLeaving(): Promise<Outcome<void>> {
  return outcomeOf(signOutLeaver)
}
