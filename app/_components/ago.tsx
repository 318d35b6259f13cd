'use client'

import { useEffect, useState } from 'react'
import { languages } from '#app/_i18n/language.ts'
import { useLanguage } from '#app/_i18n/language-provider.tsx'
import { shell } from '#app/_i18n/shell.ts'
import { useWords } from '#app/_i18n/use-words.ts'
import { formatAgo } from './format-ago.ts'

const everyMinute = 60_000
const dateAndTime = { dateStyle: 'medium', timeStyle: 'short' } as const

/**
 * A time in words, with the exact one, in the reader's own time zone, on hover.
 *
 * @param at  milliseconds
 * @param now  when the page was made, so that server and browser begin with the same words
 */
export function Ago({ at, now, exact = false }: { at: number; now: number; exact?: boolean }) {
  const language = useLanguage()
  const { justNow } = useWords(shell)
  const [shown, setShown] = useState({ now, zoned: null as string | null })
  useEffect(() => {
    const zoned = new Intl.DateTimeFormat(languages[language].locale, dateAndTime).format(at)
    const update = () => setShown({ now: Date.now(), zoned })
    update()
    const timer = setInterval(update, everyMinute)
    return () => clearInterval(timer)
  }, [at, language])
  const iso = new Date(at).toISOString()
  const zoned = shown.zoned ?? `${iso.slice(0, 16).replace('T', ' ')} UTC`
  return (
    <time dateTime={iso} title={zoned}>
      {formatAgo(at, shown.now, language, justNow)}
      {exact ? <span className="text-soft"> ({zoned})</span> : null}
    </time>
  )
}
