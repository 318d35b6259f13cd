import { type Language, languages } from '#app/_i18n/language.ts'

const second = 1000
const minute = 60 * second
const hour = 60 * minute
const day = 24 * hour

const steps = [
  ['year', 365 * day],
  ['month', 30 * day],
  ['week', 7 * day],
  ['day', day],
  ['hour', hour],
  ['minute', minute],
] as const

/**
 * `3 hours ago`, `yesterday`, `in 12 days`.
 *
 * @param justNow  for less than a minute either way
 */
export function formatAgo(at: number, now: number, language: Language, justNow: string): string {
  const away = at - now
  const step = steps.find(([, length]) => Math.abs(away) >= length)
  if (!step) return justNow
  const [unit, length] = step
  const relative = new Intl.RelativeTimeFormat(languages[language].locale, { numeric: 'auto' })
  return relative.format(Math.trunc(away / length), unit)
}
