'use client'

import { useZonedDate } from './use-zoned-date.ts'

/** A date without a time, e.g. until when something is kept, in the reader's own time zone. @param at  milliseconds */
export function Day({ at }: { at: number }) {
  return (
    <time dateTime={new Date(at).toISOString()} suppressHydrationWarning>
      {useZonedDate(at, { dateStyle: 'medium' })}
    </time>
  )
}
