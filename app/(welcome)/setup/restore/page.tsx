import type { Metadata } from 'next'
import { setup as area } from '#app/_i18n/setup.ts'
import { wordsOf } from '#app/_i18n/words-of.ts'
import { requireSetup } from '#app/_server/setup.ts'
import { SetupFrame } from '#app/(welcome)/setup/setup-frame.tsx'
import { Restore } from './restore.tsx'

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await wordsOf(area)).restore.title }
}

/** The other way to begin: a server that comes back. */
export default async function RestorePage() {
  const setup = await requireSetup('restore')
  const words = (await wordsOf(area)).restore
  return (
    <SetupFrame setup={setup} step={null} heading={words.heading} lead={words.lead}>
      {setup.hasInterrupted ? <p className="mt-4 font-medium">{words.interrupted.begun}</p> : null}
      <Restore isUnderWay={setup.isRestoring} />
    </SetupFrame>
  )
}
