'use client'

import { useEffect, useState } from 'react'

/** A date without a time, e.g. until when something is kept, in the reader's own time zone. @param at  milliseconds */
export function Day({ at }: { at: number }) {
  const [shown, setShown] = useState(new Date(at).toISOString().slice(0, 10))
  useEffect(() => setShown(new Intl.DateTimeFormat('en', { dateStyle: 'medium' }).format(at)), [at])
  return <time dateTime={new Date(at).toISOString()}>{shown}</time>
}
