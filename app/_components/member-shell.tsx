import type { ReactNode } from 'react'
import { shell } from '#app/_i18n/shell.ts'
import { wordsOf } from '#app/_i18n/words-of.ts'
import { Hearth } from './hearth.tsx'
import { LanguageSwitch } from './language-switch.tsx'
import { NavLinks } from './nav-links.tsx'
import { NoticeBell } from './notice-bell.tsx'
import { productName } from './product-name.ts'
import type { Section } from './section.ts'
import { SignOut } from './sign-out.tsx'
import { Toasts } from './toasts.tsx'

type Props = {
  /** Whom the pages greet. */
  name: string
  /** Where the sign of the house leads. */
  start: string
  groups: Section[][]
  children: ReactNode
}

/**
 * Around every page behind sign-in: at the side where there is room, otherwise a line at the top and the sections
 * under the thumb.
 */
export async function MemberShell({ name, start, groups, children }: Props) {
  const words = await wordsOf(shell)
  return (
    <Toasts>
      <a
        href="#content"
        className="sr-only focus:not-sr-only focus:fixed focus:left-3 focus:top-3 focus:z-30 focus:rounded-lg focus:bg-card focus:px-4 focus:py-2"
      >
        {words.skip}
      </a>
      <div className="mx-auto max-w-6xl lg:grid lg:grid-cols-[17rem_minmax(0,1fr)]">
        <header className="flex items-center justify-between gap-4 border-b border-line px-4 py-3 lg:sticky lg:top-0 lg:h-dvh lg:flex-col lg:items-stretch lg:justify-start lg:border-b-0 lg:border-r lg:py-8">
          <div className="flex shrink-0 items-center justify-between gap-3 lg:flex-wrap">
            <a href={start} className="flex shrink-0 items-center gap-2.5 rounded-lg lg:pl-3 [&_svg]:size-9">
              <Hearth />
              <span className="text-lg font-semibold">{productName}</span>
            </a>
            <NoticeBell />
          </div>
          <NavLinks
            groups={groups}
            atMenuEnd={
              <div className="flex flex-wrap items-center justify-between gap-x-4">
                <SignOut />
                <LanguageSwitch />
              </div>
            }
          />
          <div className="min-w-0 text-sm text-soft lg:mt-auto lg:px-3 lg:pt-5">
            <p className="truncate" title={name}>
              <span className="sr-only lg:not-sr-only lg:block">{words.signedInAs} </span>
              <a href="/home/account" className="rounded text-ink hover:text-ember hover:underline">
                {name}
              </a>
            </p>
            <div className="hidden lg:mt-1 lg:block">
              <SignOut />
              <div className="-mx-2">
                <LanguageSwitch />
              </div>
            </div>
          </div>
        </header>
        <main id="content" tabIndex={-1} className="min-w-0 px-4 pb-28 pt-6 outline-none sm:px-8 lg:py-10">
          {children}
        </main>
      </div>
    </Toasts>
  )
}
