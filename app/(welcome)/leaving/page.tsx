import type { Metadata } from 'next'
import { redirect } from 'next/navigation'
import { CardPage } from '#app/_components/card-page.tsx'
import { Day } from '#app/_components/day.tsx'
import { Toasts } from '#app/_components/toasts.tsx'
import { account } from '#app/_i18n/account.ts'
import { wordsOf } from '#app/_i18n/words-of.ts'
import { currentLeaver } from '#app/_server/account.ts'
import { LeavingButtons } from './leaving-buttons.tsx'

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await wordsOf(account)).leaving.title }
}

/** All that somebody who deleted their account gets to see, until it is too late. */
export default async function LeavingPage() {
  const leaver = await currentLeaver()
  if (!leaver) redirect('/home')
  const words = (await wordsOf(account)).leaving
  return (
    <Toasts>
      <CardPage>
        <h1 className="text-2xl font-semibold tracking-tight">{words.title}</h1>
        <p className="mt-3 break-words">{words.lead(leaver.name)}</p>
        <p className="mt-4 rounded-xl border border-bad px-4 py-3">
          {words.on}{' '}
          <strong>
            <Day at={leaver.deleteAt} />
          </strong>
          .
        </p>
        <LeavingButtons />
        <p className="mt-5 text-sm text-soft">{words.after}</p>
      </CardPage>
    </Toasts>
  )
}
