'use client'

import Link from 'next/link'
import { usePathname } from 'next/navigation'
import { Icon, type IconName } from '#app/_components/icon.tsx'
import { shell } from '#app/_i18n/en/shell.ts'

const sections = [
  ['/home', 'home', shell.nav.home],
  ['/home/cloud', 'cloud', shell.nav.cloud],
  ['/home/personas', 'personas', shell.nav.personas],
  ['/home/otp', 'codes', shell.nav.codes],
  ['/home/activity', 'activity', shell.nav.activity],
  ['/home/security', 'security', shell.nav.security],
] as const satisfies ReadonlyArray<readonly [string, IconName, string]>

/** The sections, with the one that is open marked. */
export function NavLinks() {
  const path = usePathname()
  const isOpen = (href: string) => path === href || (href !== '/home' && path.startsWith(`${href}/`))
  return (
    <nav
      aria-label={shell.sections}
      className="fixed inset-x-0 bottom-0 z-10 border-t border-line bg-card lg:static lg:mt-8 lg:border-t-0 lg:bg-transparent"
    >
      <ul className="grid grid-cols-6 lg:flex lg:flex-col lg:gap-1">
        {sections.map(([href, icon, words]) => (
          <li key={href}>
            <Link
              href={href}
              prefetch={false}
              aria-current={isOpen(href) ? 'page' : undefined}
              className="flex flex-col items-center gap-1 py-2.5 text-[0.6875rem] leading-none text-soft hover:text-ink aria-[current]:text-ember lg:flex-row lg:gap-3 lg:rounded-lg lg:px-3 lg:text-base lg:leading-normal lg:aria-[current]:bg-card lg:aria-[current]:font-medium"
            >
              <Icon name={icon} />
              {words}
            </Link>
          </li>
        ))}
      </ul>
    </nav>
  )
}
