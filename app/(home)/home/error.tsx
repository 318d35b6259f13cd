'use client'

import { PageHeading } from '#app/_components/page-heading.tsx'
import { smallButton } from '#app/_components/small-button.ts'
import { shell } from '#app/_i18n/en/shell.ts'

/** A page of a member's broke; the way around stays. */
export default function HomeError({ reset }: { reset: () => void }) {
  return (
    <>
      <PageHeading lead={shell.broken.lead}>{shell.broken.heading}</PageHeading>
      <button type="button" className={smallButton.main} onClick={reset}>
        {shell.broken.again}
      </button>
    </>
  )
}
