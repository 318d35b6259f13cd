import Link from 'next/link'
import type { ReactNode } from 'react'
import { Icon } from './icon.tsx'
import { smallButton } from './small-button.ts'

export type AttentionRow = {
  key: string
  heading: string
  text: ReactNode
  /** Where something can be done about it. */
  href: string
}

type Props = {
  heading: string
  /** On the link of each row. */
  look: string
  rows: AttentionRow[]
}

/** What needs attention, each with the place to do something about it. */
export function Attention({ heading, look, rows }: Props) {
  return (
    <section aria-labelledby="attention" className="rounded-2xl border border-ember bg-card p-5 sm:p-6">
      <h2 id="attention" className="flex items-center gap-2 text-lg font-semibold">
        <Icon name="warning" className="size-6 text-ember" /> {heading}
      </h2>
      <ul className="mt-2 divide-y divide-line">
        {rows.map((row) => (
          <li key={row.key} className="flex flex-wrap items-center gap-x-4 gap-y-2 py-3 last:pb-0">
            <div className="min-w-0 flex-1 basis-64">
              <p className="break-words font-medium">{row.heading}</p>
              <p className="break-words text-soft">{row.text}</p>
            </div>
            <Link href={row.href} prefetch={false} className={smallButton.quiet} aria-label={`${look}: ${row.heading}`}>
              {look}
            </Link>
          </li>
        ))}
      </ul>
    </section>
  )
}
