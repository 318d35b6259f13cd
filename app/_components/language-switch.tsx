'use client'

import { useRouter } from 'next/navigation'
import { useTransition } from 'react'
import { everyLanguage, type Language, languages } from '#app/_i18n/language.ts'
import { useLanguage } from '#app/_i18n/language-provider.tsx'
import { chooseLanguage } from './choose-language.ts'

/** The languages of the pages, each by its own name. The page is made anew in the one that is chosen. */
export function LanguageSwitch() {
  const current = useLanguage()
  const router = useRouter()
  const [busy, start] = useTransition()

  const choose = (language: Language) =>
    start(async () => {
      await chooseLanguage(language).catch(() => {})
      router.refresh()
    })

  return (
    <ul className="flex flex-wrap gap-x-1 text-sm text-soft">
      {everyLanguage.map((language) => (
        <li key={language}>
          <button
            type="button"
            lang={language}
            aria-pressed={language === current}
            disabled={busy}
            onClick={() => choose(language)}
            className="min-h-9 rounded-lg px-2 hover:text-ember aria-pressed:font-medium aria-pressed:text-ink"
          >
            {languages[language].name}
          </button>
        </li>
      ))}
    </ul>
  )
}
