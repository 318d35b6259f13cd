'use client'

import { PageHeading } from '#app/_components/page-heading.tsx'
import { smallButton } from '#app/_components/small-button.ts'
import { shell } from '#app/_i18n/shell.ts'
import { useWords } from '#app/_i18n/use-words.ts'

/** A page of a member's broke; the way around stays. */
export default function HomeError({ reset }: { reset: () => void }) {
  const { broken: words } = useWords(shell)
  return (
    <>
      <PageHeading lead={words.lead}>{words.heading}</PageHeading>
      <button type="button" className={smallButton.main} onClick={reset}>
        {words.again}
      </button>
    </>
  )
}
