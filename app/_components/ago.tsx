'use client'

import { useEffect, useState } from 'react'
import { useLanguage } from '#app/_i18n/language-provider.tsx'
import { shell } from '#app/_i18n/shell.ts'
import { useWords } from '#app/_i18n/use-words.ts'
import { formatAgo } from './format-ago.ts'
import { useZonedDate } from './use-zoned-date.ts'

const everyMinute = 60_000

/**
 * A time in words, with the exact one, in the reader's own time zone, on hover.
 *
 * @param at  milliseconds
 * @param now  when the page was made, so that server and browser begin with the same words
 * @param exact  say the exact time as well
 */
export function Ago({ at, now, exact = false }: { at: number; now: number; exact?: boolean }) {
  const language = useLanguage()
  const { justNow } = useWords(shell)
  const [shownAt, setShownAt] = useState(now)
  const zoned = useZonedDate(at, { dateStyle: 'medium', timeStyle: 'short' })
  useEffect(() => {
    const update = () => setShownAt(Date.now())
    update()
    const timer = setInterval(update, everyMinute)
    return () => clearInterval(timer)
  }, [])
  return (
    <time dateTime={new Date(at).toISOString()} title={zoned} suppressHydrationWarning>
      {formatAgo(at, shownAt, language, justNow)}
      {exact ? (
        <span suppressHydrationWarning className="text-soft">
          {' '}
          ({zoned})
        </span>
      ) : null}
    </time>
  )
}
