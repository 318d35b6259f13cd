'use client'

import { useEffect } from 'react'

/**
 * Asks for the page again when Back brings it from the browser's memory: it may belong to somebody who has signed out
 * since. Safari keeps pages there over plain HTTP whatever their headers say.
 */
export function FreshPage() {
  useEffect(() => {
    const renew = ({ persisted }: PageTransitionEvent) => persisted && window.location.reload()
    window.addEventListener('pageshow', renew)
    return () => window.removeEventListener('pageshow', renew)
  }, [])
  return null
}
