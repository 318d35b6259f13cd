'use server'

import { cookies } from 'next/headers'
import { isLanguage } from '#app/_i18n/language.ts'
import { languageCookie } from '#app/_i18n/words-of.ts'
import { requireOurPage } from '#app/_server/member.ts'
import { type Outcome, outcomeOf } from '#app/_server/outcome.ts'

/** As long as browsers allow. */
const maxAge = 400 * 24 * 3600

/** Have the pages speak a language to this browser from now on; anything we do not speak changes nothing. */
export async function chooseLanguage(language: string): Promise<Outcome<void>> {
  return outcomeOf(async () => {
    await requireOurPage()
    if (!isLanguage(language)) return
    const jar = await cookies()
    jar.set(languageCookie, language, { httpOnly: true, sameSite: 'lax', path: '/', maxAge })
  })
}
