'use client'

import Link from 'next/link'
import { usePathname } from 'next/navigation'
import { Icon, type IconName } from '#app/_components/icon.tsx'
import { shell } from '#app/_i18n/shell.ts'
import { useWords } from '#app/_i18n/use-words.ts'

/** No room for it under a thumb: the account page leads there. */
const wideOnly = 'hidden lg:block'

const sections = [
  ['/home', 'home'],
  ['/home/cloud', 'cloud'],
  ['/home/personas', 'personas'],
  ['/home/otp', 'codes'],
  ['/home/sync', 'sync', wideOnly],
  ['/home/activity', 'activity'],
  ['/home/devices', 'device', wideOnly],
  ['/home/security', 'security', wideOnly],
  ['/home/account', 'account'],
] as const satisfies ReadonlyArray<readonly [string, IconName, string?]>

/** The sections, with the one that is open marked. */
export function NavLinks() {
  const words = useWords(shell)
  const path = usePathname()
  const isOpen = (href: string) => path === href || (href !== '/home' && path.startsWith(`${href}/`))
  return (
    <nav
      aria-label={words.sections}
      className="fixed inset-x-0 bottom-0 z-10 border-t border-line bg-card lg:static lg:mt-8 lg:border-t-0 lg:bg-transparent"
    >
      <ul className="grid grid-cols-6 lg:flex lg:flex-col lg:gap-1">
        {sections.map(([href, section, look]) => (
          <li key={href} className={look}>
            <Link
              href={href}
              prefetch={false}
              aria-current={isOpen(href) ? 'page' : undefined}
              className="flex flex-col items-center gap-1 py-2.5 text-[0.6875rem] leading-none text-soft hover:text-ink aria-[current]:text-ember lg:flex-row lg:gap-3 lg:rounded-lg lg:px-3 lg:text-base lg:leading-normal lg:aria-[current]:bg-card lg:aria-[current]:font-medium"
            >
              <Icon name={section} />
              {words.nav[section]}
            </Link>
          </li>
        ))}
      </ul>
    </nav>
  )
}
