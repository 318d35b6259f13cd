import { shell } from '#app/_i18n/en/shell.ts'

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

const relative = new Intl.RelativeTimeFormat('en', { numeric: 'auto' })

/** `3 hours ago`, `yesterday`, `in 12 days`; less than a minute either way is `just now`. */
export function formatAgo(at: number, now: number): string {
  const away = at - now
  const step = steps.find(([, length]) => Math.abs(away) >= length)
  if (!step) return shell.justNow
  const [unit, length] = step
  return relative.format(Math.trunc(away / length), unit)
}
