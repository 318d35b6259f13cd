'use client'

import Link from 'next/link'
import { usePathname } from 'next/navigation'
import { type ReactNode, useId, useRef } from 'react'
import { Icon } from '#app/_components/icon.tsx'
import { shell } from '#app/_i18n/shell.ts'
import { useWords } from '#app/_i18n/use-words.ts'
import { isOpenAt, type Section } from './section.ts'

/** One above the other at the side; where there is no room for that, the first few in a bar and the rest in a menu. */
const look =
  'flex w-full flex-col items-center gap-1 py-2.5 text-[0.6875rem] leading-none text-soft hover:text-ink aria-[current]:text-ember lg:flex-row lg:gap-3 lg:rounded-lg lg:px-3 lg:py-1.5 lg:text-base lg:leading-normal lg:aria-[current]:bg-card lg:aria-[current]:font-medium'
const lookInMenu =
  'flex items-center gap-3 rounded-lg px-3 py-3 text-ink hover:text-ember aria-[current]:font-medium aria-[current]:text-ember'

/** The sections, with the one that is open marked. */
export function NavLinks({ groups, atMenuEnd }: { groups: Section[][]; atMenuEnd: ReactNode }) {
  const words = useWords(shell)
  const sections = groups.flat()
  return (
    <nav
      aria-label={words.sections}
      className="fixed inset-x-0 bottom-0 z-10 border-t border-line bg-card lg:static lg:mt-6 lg:overflow-y-auto lg:border-t-0 lg:bg-transparent"
    >
      <ul className="grid auto-cols-fr grid-flow-col lg:hidden">
        {sections
          .filter(({ inBar }) => inBar)
          .map((section) => (
            <NavLink key={section.href} section={section} className={look} />
          ))}
        <li>
          <More sections={sections.filter(({ inBar }) => !inBar)}>{atMenuEnd}</More>
        </li>
      </ul>
      {groups.map((group) => (
        <ul
          key={group[0]?.href}
          className="hidden lg:grid lg:gap-1 lg:[&+ul]:mt-4 lg:[&+ul]:border-t lg:[&+ul]:border-line lg:[&+ul]:pt-4"
        >
          {group.map((section) => (
            <NavLink key={section.href} section={section} className={look} />
          ))}
        </ul>
      ))}
    </nav>
  )
}

type LinkProps = { section: Section; className: string; onOpen?: () => void }

function NavLink({ section: { href, name }, className, onOpen }: LinkProps) {
  const words = useWords(shell)
  const path = usePathname()
  return (
    <li>
      <Link
        href={href}
        prefetch={false}
        aria-current={isOpenAt(path, href) ? 'page' : undefined}
        className={className}
        onClick={onOpen}
      >
        <Icon name={name} />
        {words.nav[name]}
      </Link>
    </li>
  )
}

/** What the bar has no room for. The browser closes it on Escape or a tap beside it, and gives the focus back. */
function More({ sections, children }: { sections: Section[]; children: ReactNode }) {
  const words = useWords(shell)
  const path = usePathname()
  const id = useId()
  const menu = useRef<HTMLDivElement>(null)
  return (
    <>
      <button
        type="button"
        popoverTarget={id}
        className={look}
        aria-current={sections.some(({ href }) => isOpenAt(path, href)) ? 'true' : undefined}
      >
        <Icon name="more" />
        {words.nav.more}
      </button>
      <div
        ref={menu}
        id={id}
        popover="auto"
        className="fixed inset-x-3 bottom-16 top-auto m-0 w-auto rounded-2xl border border-edge bg-card p-3 text-ink shadow-lg"
      >
        <ul>
          {sections.map((section) => (
            <NavLink
              key={section.href}
              section={section}
              className={lookInMenu}
              onOpen={() => menu.current?.hidePopover()}
            />
          ))}
        </ul>
        <div className="mt-2 border-t border-line px-3 pt-2">{children}</div>
      </div>
    </>
  )
}
