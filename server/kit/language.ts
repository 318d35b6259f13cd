/**
 * The languages of pages and letters, in words of BCP 47, with their own names; another one is a line here, a folder in
 * `app/_i18n` and one in `notices/words`. `locale` says how dates and numbers are written.
 */
export const languages = {
  en: { name: 'English', locale: 'en-GB' },
  de: { name: 'Deutsch', locale: 'de-DE' },
} as const

export type Language = keyof typeof languages

/** The words of one part of the pages or of the letters, in every language. */
export type Catalogue<Words> = Record<Language, Words>

export const everyLanguage = Object.keys(languages) as Language[]

/** For whom no language is known. */
export const fallback: Language = 'en'

/**
 * What somebody chose, else what their browser prefers, else English.
 *
 * @param accepted  the `Accept-Language` header
 */
export function pickLanguage(chosen: string | undefined, accepted: string | null): Language {
  return isLanguage(chosen) ? chosen : (preferredLanguage(accepted) ?? fallback)
}

/**
 * The first language of a browser that we know.
 *
 * @param accepted  the `Accept-Language` header (RFC 9110 §12.5.4)
 */
export function preferredLanguage(accepted: string | null): Language | null {
  return byPreference(accepted ?? '').find(isLanguage) ?? null
}

export function isLanguage(code: string | null | undefined): code is Language {
  return typeof code === 'string' && Object.hasOwn(languages, code)
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
