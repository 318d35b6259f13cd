import { useEffect, useState } from 'react'
import { languages } from '#app/_i18n/language.ts'
import { useLanguage } from '#app/_i18n/language-provider.tsx'

/**
 * A date in the reader's language and time zone. The server does not know the zone: until the browser has taken over
 * it is written for UTC, in the same length, so that nothing moves.
 *
 * @param at  milliseconds
 */
export function useZonedDate(at: number, style: Pick<Intl.DateTimeFormatOptions, 'dateStyle' | 'timeStyle'>): string {
  const { locale } = languages[useLanguage()]
  const [zone, setZone] = useState<string | undefined>('UTC')
  useEffect(() => setZone(undefined), [])
  return new Intl.DateTimeFormat(locale, { ...style, timeZone: zone }).format(at)
}
