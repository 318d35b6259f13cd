import { cookies, headers } from 'next/headers'
import { cache } from 'react'
import { type Language, pickLanguage } from '#server/kit/language.ts'

const cookieName = 'language'

/** As long as browsers allow. */
const maxAge = 400 * 24 * 3600

/** The language of the page that is being made, or that called an action. */
export const languageOfPage: () => Promise<Language> = cache(async () => {
  const [jar, all] = await Promise.all([cookies(), headers()])
  return pickLanguage(jar.get(cookieName)?.value, all.get('accept-language'))
})

/** Have the pages speak a language to this browser from now on. Only in server actions. */
export async function writeLanguage(language: Language): Promise<void> {
  const jar = await cookies()
  jar.set(cookieName, language, { httpOnly: true, sameSite: 'lax', path: '/', maxAge })
}
