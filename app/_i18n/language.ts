/**
 * The languages of the pages, by their own names; another one is a folder beside this file and a line here. `locale`
 * says how dates and numbers are written.
 */
export const languages = {
  en: { name: 'English', locale: 'en-GB' },
  de: { name: 'Deutsch', locale: 'de-DE' },
} as const

export type Language = keyof typeof languages

/** The words of one part of the pages, in every language. */
export type Catalogue<Words> = Record<Language, Words>

export const everyLanguage = Object.keys(languages) as Language[]

const fallback: Language = 'en'

/**
 * What somebody chose, else the first language of their browser that we know, else English.
 *
 * @param accepted  the `Accept-Language` header (RFC 9110 §12.5.4)
 */
export function pickLanguage(chosen: string | undefined, accepted: string | null): Language {
  if (isLanguage(chosen)) return chosen
  return byPreference(accepted ?? '').find(isLanguage) ?? fallback
}

export function isLanguage(code: string | undefined): code is Language {
  return code !== undefined && Object.hasOwn(languages, code)
}

/** `de-AT;q=0.8, fr` → `fr`, `de`: the languages without their regions, most wanted first. */
function byPreference(header: string): string[] {
  return header
    .split(',')
    .map((part) => {
      const [tag = '', ...parameters] = part.split(';').map((piece) => piece.trim().toLowerCase())
      const quality = parameters.find((parameter) => parameter.startsWith('q='))
      return { code: tag.split('-', 1)[0] ?? '', quality: quality ? Number(quality.slice(2)) || 0 : 1 }
    })
    .filter(({ quality }) => quality > 0)
    .toSorted((a, b) => b.quality - a.quality)
    .map(({ code }) => code)
}
