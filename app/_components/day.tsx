'use client'

import { useEffect, useState } from 'react'
import { languages } from '#app/_i18n/language.ts'
import { useLanguage } from '#app/_i18n/language-provider.tsx'

/** A date without a time, e.g. until when something is kept, in the reader's own time zone. @param at  milliseconds */
export function Day({ at }: { at: number }) {
  const language = useLanguage()
  const [shown, setShown] = useState(new Date(at).toISOString().slice(0, 10))
  useEffect(() => {
    setShown(new Intl.DateTimeFormat(languages[language].locale, { dateStyle: 'medium' }).format(at))
  }, [at, language])
  return <time dateTime={new Date(at).toISOString()}>{shown}</time>
}
