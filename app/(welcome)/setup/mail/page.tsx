import type { Metadata } from 'next'
import { setup as area } from '#app/_i18n/setup.ts'
import { wordsOf } from '#app/_i18n/words-of.ts'
import { describedVariables, requireSetup } from '#app/_server/setup.ts'
import { SetupFrame } from '#app/(welcome)/setup/setup-frame.tsx'
import { GoOn, Pinned } from '#app/(welcome)/setup/setup-frame-parts.tsx'
import { MailForm } from './mail-form.tsx'

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await wordsOf(area)).mail.title }
}

/** Mail, for those who have somebody to send it. */
export default async function MailPage() {
  const setup = await requireSetup('mail')
  const words = await wordsOf(area)
  const variables = describedVariables()
  const url = variables.get('HEARTHKEEP_SMTP_URL')
  return (
    <SetupFrame setup={setup} step="mail" heading={words.mail.heading} lead={words.mail.lead}>
      {url?.source === 'environment' ? (
        <>
          <Pinned>{words.pinned('HEARTHKEEP_SMTP_URL')}</Pinned>
          <GoOn href="/setup/people">{words.go}</GoOn>
        </>
      ) : (
        <MailForm
          isSet={url?.isSet === true}
          keeper={setup.keeper ?? ''}
          from={variables.get('HEARTHKEEP_MAIL_FROM')?.value ?? ''}
        />
      )}
    </SetupFrame>
  )
}
