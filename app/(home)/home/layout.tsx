import type { ReactNode } from 'react'
import { Hearth } from '#app/_components/hearth.tsx'
import { Toasts } from '#app/_components/toasts.tsx'
import { shell } from '#app/_i18n/en/shell.ts'
import { en } from '#app/_i18n/en.ts'
import { requireMember } from '#app/_server/member.ts'
import { NavLinks } from './nav-links.tsx'
import { SignOut } from './sign-out.tsx'

/**
 * Around every page behind sign-in: at the side where there is room, otherwise a line at the top and the sections
 * under the thumb.
 */
export default async function HomeLayout({ children }: { children: ReactNode }) {
  const member = await requireMember()
  return (
    <Toasts>
      <a
        href="#content"
        className="sr-only focus:not-sr-only focus:fixed focus:left-3 focus:top-3 focus:z-30 focus:rounded-lg focus:bg-card focus:px-4 focus:py-2"
      >
        {shell.skip}
      </a>
      <div className="mx-auto max-w-6xl lg:grid lg:grid-cols-[15rem_minmax(0,1fr)]">
        <header className="flex items-center justify-between gap-3 border-b border-line px-4 py-3 lg:sticky lg:top-0 lg:h-dvh lg:flex-col lg:items-stretch lg:justify-start lg:border-b-0 lg:border-r lg:px-4 lg:py-8">
          <a href="/home" className="flex shrink-0 items-center gap-2.5 rounded-lg lg:px-3 [&_svg]:size-9">
            <Hearth />
            <span className="text-lg font-semibold">{en.home.name}</span>
          </a>
          <NavLinks />
          <div className="flex min-w-0 items-center gap-2 lg:mt-auto lg:flex-col lg:items-stretch lg:px-3">
            <p className="min-w-0 truncate text-sm text-soft" title={member.name}>
              <span className="sr-only lg:not-sr-only lg:block">{shell.signedInAs} </span>
              <span className="text-ink">{member.name}</span>
            </p>
            <SignOut />
          </div>
        </header>
        <main id="content" tabIndex={-1} className="min-w-0 px-4 pb-28 pt-6 outline-none sm:px-8 lg:py-10">
          {children}
        </main>
      </div>
    </Toasts>
  )
}
