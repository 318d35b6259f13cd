import type { Metadata } from 'next'
import { setup as area } from '#app/_i18n/setup.ts'
import { wordsOf } from '#app/_i18n/words-of.ts'
import { describedVariables, requireSetup } from '#app/_server/setup.ts'
import { SetupFrame } from '#app/(welcome)/setup/setup-frame.tsx'
import { NameForm } from './name-form.tsx'

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await wordsOf(area)).name.title }
}

/** What the server is called, and who vouches for it. */
export default async function NamePage() {
  const setup = await requireSetup('name')
  const words = (await wordsOf(area)).name
  const variables = describedVariables()
  const of = (name: string) => {
    const found = variables.get(name)
    return { value: found?.value ?? found?.default ?? '', isPinned: found?.source === 'environment' }
  }
  return (
    <SetupFrame setup={setup} step="name" heading={words.heading} lead={words.lead}>
      <NameForm
        hostname={of('HEARTHKEEP_HOSTNAME')}
        tls={of('HEARTHKEEP_TLS')}
        certificate={of('HEARTHKEEP_TLS_CERT').value}
        privateKey={of('HEARTHKEEP_TLS_KEY').value}
        publicUrl={of('HEARTHKEEP_PUBLIC_URL').value}
        proxies={of('HEARTHKEEP_TRUSTED_PROXIES').value}
      />
    </SetupFrame>
  )
}
