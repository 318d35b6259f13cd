import { redirect } from 'next/navigation'
import { CardPage } from '#app/_components/card-page.tsx'
import { signIn } from '#app/_i18n/sign-in.ts'
import { titled } from '#app/_i18n/words-of.ts'
import { currentLeaver } from '#app/_server/account.ts'
import { waysToJoin } from '#app/_server/join.ts'
import { currentMember } from '#app/_server/member.ts'
import { passkeyAddress } from '#app/_server/passkey-address.ts'
import { nextPage } from './next-page.ts'
import { SignIn } from './sign-in.tsx'

export const generateMetadata = titled(signIn)

type Query = Record<string, string | string[] | undefined>

/** The door for people: passkey first, then password, then recovery code. */
export default async function SignInPage({ searchParams }: { searchParams: Promise<Query> }) {
  const next = nextPage((await searchParams).next)
  if (await currentMember()) redirect(next)
  if (await currentLeaver()) redirect('/leaving')
  const { rpId, elsewhere } = await passkeyAddress()
  const here = elsewhere && `${elsewhere}/sign-in?next=${encodeURIComponent(next)}`
  return (
    <CardPage>
      <SignIn next={next} rpId={rpId} elsewhere={here} policy={waysToJoin().policy} />
    </CardPage>
  )
}
