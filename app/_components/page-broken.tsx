'use client'

import { shell } from '#app/_i18n/shell.ts'
import { useWords } from '#app/_i18n/use-words.ts'
import { PageHeading } from './page-heading.tsx'
import { smallButton } from './small-button.ts'

/** A page of a member's broke; the way around stays. */
export function PageBroken() {
  const { broken: words } = useWords(shell)
  return (
    <>
      <PageHeading lead={words.lead}>{words.heading}</PageHeading>
      <button type="button" className={smallButton.main} onClick={() => window.location.reload()}>
        {words.again}
      </button>
    </>
  )
}
