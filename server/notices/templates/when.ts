import { type Language, languages } from '#server/kit/language.ts'

/**
 * A time as a letter says it, always with its zone: `21 November 2026 at 08:42 CET`. The zone is this machine's, which
 * stands where the family lives. To whom no language is known `2026-11-21 07:42 UTC`, which reads anywhere.
 *
 * @param at  milliseconds
 * @param zone  IANA name of another one
 */
export function when(at: number, language: Language | null, zone?: string): string {
  if (language === null) return `${new Date(at).toISOString().slice(0, 16).replace('T', ' ')} UTC`
  const style = { day: 'numeric', month: 'long', year: 'numeric', hour: '2-digit', minute: '2-digit' } as const
  const { locale } = languages[language]
  return new Intl.DateTimeFormat(locale, { ...style, timeZoneName: 'short', timeZone: zone }).format(at)
}
