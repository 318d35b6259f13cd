import type { ReactNode } from 'react'
import { CardPage } from '#app/_components/card-page.tsx'
import { Toasts } from '#app/_components/toasts.tsx'
import { join } from '#app/_i18n/join.ts'
import { wordsOf } from '#app/_i18n/words-of.ts'

type Props = { at: number; heading: string; lead: string; children: ReactNode; next: { href: string; words: string } }

/** One of the things worth doing right after joining; each can be left for later. */
export async function Step({ at, heading, lead, children, next }: Props) {
  const words = await wordsOf(join)
  return (
    <Toasts>
      <CardPage>
        <p className="text-sm text-soft">{words.steps(at, 2)}</p>
        <h1 className="mt-1 text-2xl font-semibold tracking-tight">{heading}</h1>
        <p className="mb-5 mt-2 text-soft">{lead}</p>
        {children}
        <p className="mt-6 border-t border-line pt-5">
          <a className="font-medium text-ember underline underline-offset-4" href={next.href}>
            {next.words}
          </a>
        </p>
      </CardPage>
    </Toasts>
  )
}
