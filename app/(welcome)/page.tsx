import { redirect } from 'next/navigation'
import { ConnectLink } from '#app/_components/connect-link.tsx'
import { Hearth } from '#app/_components/hearth.tsx'
import { LanguageSwitch } from '#app/_components/language-switch.tsx'
import { productName } from '#app/_components/product-name.ts'
import { welcome } from '#app/_i18n/welcome.ts'
import { wordsOf } from '#app/_i18n/words-of.ts'
import { house } from '#app/_server/house.ts'
import { waysToJoin } from '#app/_server/join.ts'
import { currentMember } from '#app/_server/member.ts'
import { AppAddress } from './app-address.tsx'

/** The front page: the way in, and what this is. Whoever is in already goes straight on. */
export default async function Welcome() {
  if (await currentMember()) redirect('/home')
  const { ctx } = house()
  if (ctx.settings.values.setUpAt === null) redirect('/setup')
  const words = await wordsOf(welcome)
  const { policy } = waysToJoin()
  return (
    <div className="mx-auto flex min-h-dvh max-w-3xl flex-col px-5 py-8 sm:py-12">
      <main>
        <p className="flex items-center gap-3 text-lg font-semibold [&_svg]:size-11">
          <Hearth /> {productName}
        </p>
        <h1 className="mt-10 max-w-2xl text-balance text-3xl font-semibold tracking-tight sm:mt-14 sm:text-5xl">
          {words.heading}
        </h1>
        <p className="mt-4 max-w-prose text-lg text-soft">{words.lead}</p>
        <a
          href="/sign-in"
          className="mt-8 inline-flex min-h-12 items-center justify-center rounded-xl bg-ember px-7 font-semibold text-ember-ink transition-opacity hover:opacity-90 max-sm:w-full"
        >
          {words.signIn}
        </a>
        {policy === 'closed' ? (
          <p className="mt-4 text-soft">{words.join.closed}</p>
        ) : (
          <a
            href="/join"
            className="mt-3 inline-flex min-h-12 items-center justify-center rounded-xl border border-edge px-7 font-semibold hover:border-ember hover:text-ember max-sm:w-full sm:ml-3"
          >
            {words.join[policy]}
          </a>
        )}
        <ul className="mt-12 grid gap-x-8 gap-y-5 border-t border-line pt-8 sm:grid-cols-3">
          {words.forPeople.map(([heading, text]) => (
            <li key={heading}>
              <p className="font-semibold">{heading}</p>
              <p className="mt-1 text-soft">{text}</p>
            </li>
          ))}
        </ul>
        <AppAddress words={words.apps} address={ctx.config.publicUrl} />
        <div className="mt-4">
          <ConnectLink />
        </div>
      </main>
      <footer className="mt-auto flex flex-wrap items-center justify-between gap-x-6 gap-y-2 pt-12 text-sm text-soft">
        <p>
          {words.version(ctx.version)} ·{' '}
          <a className="text-ember underline underline-offset-4" href="/docs">
            {words.reference}
          </a>
        </p>
        <LanguageSwitch />
      </footer>
    </div>
  )
}
