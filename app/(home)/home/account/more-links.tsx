import Link from 'next/link'
import { Icon, type IconName } from '#app/_components/icon.tsx'
import type { account } from '#app/_i18n/account.ts'

type Words = (typeof account)['en']['more']

const places = [
  ['devices', '/home/devices', 'device'],
  ['sync', '/home/sync', 'sync'],
  ['security', '/home/security', 'security'],
] as const satisfies ReadonlyArray<readonly [keyof Words, string, IconName]>

/** The sections that have no room under the thumb; wide screens have them at the side. */
export function MoreLinks({ words }: { words: Words }) {
  return (
    <nav aria-label={words.heading} className="rounded-2xl border border-line bg-card px-5 sm:px-6 lg:hidden">
      <ul className="divide-y divide-line">
        {places.map(([place, href, icon]) => (
          <li key={place}>
            <Link href={href} prefetch={false} className="flex items-center gap-4 rounded-lg py-3 hover:text-ember">
              <Icon name={icon} className="size-6 text-ember" />
              <span className="min-w-0 flex-1">
                <span className="font-medium">{words[place][0]}</span>
                <span className="block text-sm text-soft">{words[place][1]}</span>
              </span>
              <Icon name="next" className="size-4 text-soft" />
            </Link>
          </li>
        ))}
      </ul>
    </nav>
  )
}
