'use server'

import { chooseLanguageHere } from '#app/_server/account.ts'
import { type Outcome, outcomeOf } from '#app/_server/outcome.ts'

/** Have the pages speak a language to this browser from now on; anything we do not speak changes nothing. */
export async function chooseLanguage(language: string): Promise<Outcome<void>> {
  return outcomeOf(() => chooseLanguageHere(language))
}
