import { welcome } from '#app/_i18n/welcome.ts'
import { wordsOf } from '#app/_i18n/words-of.ts'
import { PageHeading } from './page-heading.tsx'
import { smallButton } from './small-button.ts'

/** Nothing there, or nothing of the member's own; the way around stays. */
export async function NothingHere({ start }: { start: string }) {
  const { nothingHere: words } = await wordsOf(welcome)
  return (
    <>
      <PageHeading lead={words.lead}>{words.heading}</PageHeading>
      <a href={start} className={smallButton.main}>
        {words.back}
      </a>
    </>
  )
}
