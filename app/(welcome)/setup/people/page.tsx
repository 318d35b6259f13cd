import type { Metadata } from 'next'
import { setup as area } from '#app/_i18n/setup.ts'
import { wordsOf } from '#app/_i18n/words-of.ts'
import { describedVariables, requireSetup } from '#app/_server/setup.ts'
import { SetupFrame } from '#app/(welcome)/setup/setup-frame.tsx'
import { PeopleForm } from './people-form.tsx'

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await wordsOf(area)).people.title }
}

/** The last screen: who may join. */
export default async function PeoplePage() {
  const setup = await requireSetup('people')
  const words = (await wordsOf(area)).people
  const registration = describedVariables().get('HEARTHKEEP_REGISTRATION')
  return (
    <SetupFrame setup={setup} step="people" heading={words.heading} lead={words.lead}>
      <PeopleForm value={registration?.value ?? 'invite'} isPinned={registration?.source === 'environment'} />
    </SetupFrame>
  )
}
