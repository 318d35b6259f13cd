import { de } from './de.ts'
import { en, type Words } from './en.ts'

/** @param locale  as the system says it, e.g. `de-AT` */
export function wordsFor(locale: string): { language: 'de' | 'en'; words: Words } {
  const isGerman = locale.toLowerCase().split(/[-_]/)[0] === 'de'
  return isGerman ? { language: 'de', words: de } : { language: 'en', words: en }
}
