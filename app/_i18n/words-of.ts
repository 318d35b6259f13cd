import type { Metadata } from 'next'
import { cookies, headers } from 'next/headers'
import { cache } from 'react'
import { type Catalogue, type Language, pickLanguage } from './language.ts'

/** Where the language somebody chose is kept. */
export const languageCookie = 'language'

/** The language of the page that is being made. */
export const languageOfPage: () => Promise<Language> = cache(async () => {
  const [jar, all] = await Promise.all([cookies(), headers()])
  return pickLanguage(jar.get(languageCookie)?.value, all.get('accept-language'))
})

/** The words of an area for server components, actions and route handlers. */
export async function wordsOf<Words>(area: Catalogue<Words>): Promise<Words> {
  return area[await languageOfPage()]
}

/** `export const generateMetadata = titled(area)`: the title of a page, in its language. */
export function titled(area: Catalogue<{ title: string }>): () => Promise<Metadata> {
  return async () => ({ title: (await wordsOf(area)).title })
}
