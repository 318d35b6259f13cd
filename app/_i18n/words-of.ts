import type { Metadata } from 'next'
import { languageOfPage } from '#app/_server/language-of-page.ts'
import type { Catalogue } from './language.ts'

export { languageOfPage }

/** The words of an area for server components, actions and route handlers. */
export async function wordsOf<Words>(area: Catalogue<Words>): Promise<Words> {
  return area[await languageOfPage()]
}

/** `export const generateMetadata = titled(area)`: the title of a page, in its language. */
export function titled(area: Catalogue<{ title: string }>): () => Promise<Metadata> {
  return async () => ({ title: (await wordsOf(area)).title })
}
