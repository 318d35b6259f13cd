import { PageHeading } from '#app/_components/page-heading.tsx'
import { smallButton } from '#app/_components/small-button.ts'
import { welcome } from '#app/_i18n/welcome.ts'
import { wordsOf } from '#app/_i18n/words-of.ts'

/** Nothing there, or nothing of the member's own; the way around stays. */
export default async function NotFound() {
  const { nothingHere: words } = await wordsOf(welcome)
  return (
    <>
      <PageHeading lead={words.lead}>{words.heading}</PageHeading>
      <a href="/home" className={smallButton.main}>
        {words.back}
      </a>
    </>
  )
}
