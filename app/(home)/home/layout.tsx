import type { ReactNode } from 'react'
import { Hearth } from '#app/_components/hearth.tsx'
import { LanguageSwitch } from '#app/_components/language-switch.tsx'
import { productName } from '#app/_components/product-name.ts'
import { Toasts } from '#app/_components/toasts.tsx'
import { shell } from '#app/_i18n/shell.ts'
import { wordsOf } from '#app/_i18n/words-of.ts'
import { requireMember } from '#app/_server/member.ts'
import { NavLinks } from './nav-links.tsx'
import { SignOut } from './sign-out.tsx'

/**
 * Around every page behind sign-in: at the side where there is room, otherwise a line at the top and the sections
 * under the thumb.
 */
export default async function HomeLayout({ children }: { children: ReactNode }) {
  const member = await requireMember()
  const words = await wordsOf(shell)
  return (
    <Toasts>
      <a
        href="#content"
        className="sr-only focus:not-sr-only focus:fixed focus:left-3 focus:top-3 focus:z-30 focus:rounded-lg focus:bg-card focus:px-4 focus:py-2"
      >
        {words.skip}
      </a>
      <div className="mx-auto max-w-6xl lg:grid lg:grid-cols-[15rem_minmax(0,1fr)]">
        <header className="flex items-center justify-between gap-3 border-b border-line px-4 py-3 lg:sticky lg:top-0 lg:h-dvh lg:flex-col lg:items-stretch lg:justify-start lg:border-b-0 lg:border-r lg:px-4 lg:py-8">
          <a href="/home" className="flex shrink-0 items-center gap-2.5 rounded-lg lg:px-3 [&_svg]:size-9">
            <Hearth />
            <span className="text-lg font-semibold">{productName}</span>
          </a>
          <NavLinks />
          <div className="flex min-w-0 items-center gap-2 lg:mt-auto lg:flex-col lg:items-stretch lg:px-3">
            <p className="min-w-0 truncate text-sm text-soft" title={member.name}>
              <span className="sr-only lg:not-sr-only lg:block">{words.signedInAs} </span>
              <a href="/home/account" className="rounded text-ink hover:text-ember hover:underline">
                {member.name}
              </a>
            </p>
            <SignOut />
          </div>
        </header>
        <div className="flex min-w-0 flex-col px-4 pb-24 pt-6 sm:px-8 lg:min-h-dvh lg:pb-6 lg:pt-10">
          <main id="content" tabIndex={-1} className="outline-none">
            {children}
          </main>
          <footer className="mt-auto flex justify-end pt-10">
            <LanguageSwitch />
          </footer>
        </div>
      </div>
    </Toasts>
  )
}
