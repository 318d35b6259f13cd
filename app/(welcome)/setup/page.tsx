import { headers } from 'next/headers'
import { redirect } from 'next/navigation'
import { setup as area } from '#app/_i18n/setup.ts'
import { titled, wordsOf } from '#app/_i18n/words-of.ts'
import { currentSetup } from '#app/_server/setup.ts'
import { ClaimForm } from './claim-form.tsx'
import { SetupFrame } from './setup-frame.tsx'

export const generateMetadata = titled(area)

/** The first screen: the code, and whether this is a new server or one that comes back. */
export default async function SetupPage() {
  const setup = await currentSetup()
  if (!setup) redirect('/')
  if (setup.claim === 'yours' && setup.isRestoring) redirect('/setup/restore')
  const local = byName((await headers()).get('host'))
  if (local) redirect(`${local}/setup`)
  const words = await wordsOf(area)
  return (
    <SetupFrame setup={setup} step={null} heading={words.claim.heading} lead={words.claim.lead}>
      <ClaimForm claim={setup.claim} next={`/setup/${setup.next}`} />
      <p className="mt-6 border-t border-line pt-5 text-sm text-soft">
        {words.claim.members}{' '}
        <a className="font-medium text-ember underline underline-offset-4" href="/sign-in">
          {words.claim.signIn}
        </a>
      </p>
    </SetupFrame>
  )
}

/** Passkeys and this set-up's cookie need one name for this machine, and an address is none. */
function byName(host: string | null): string | null {
  const found = /^(?:127\.0\.0\.1|\[::1\])(:\d+)?$/.exec(host ?? '')
  return found ? `http://localhost${found[1] ?? ''}` : null
}
