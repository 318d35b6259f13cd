import { type Language, languages } from '#app/_i18n/language.ts'

const units = ['byte', 'kilobyte', 'megabyte', 'gigabyte', 'terabyte'] as const

/** `1536` → `1.5 kB`, in German `1,5 kB`; a unit is 1024 of the one before, as file managers count. */
export function formatSize(bytes: number, language: Language): string {
  const step = Math.min(units.length - 1, bytes < 1 ? 0 : Math.floor(Math.log2(bytes) / 10))
  const value = bytes / 1024 ** step
  const format = new Intl.NumberFormat(languages[language].locale, {
    style: 'unit',
    unit: units[step],
    unitDisplay: step === 0 ? 'long' : 'short',
    maximumFractionDigits: step === 0 || value >= 100 ? 0 : 1,
  })
  return format.format(value)
}
