import type { ReactNode } from 'react'

type Props = {
  /** Names the section for screen readers and links. */
  id: string
  heading: ReactNode
  /** At the end of the heading's line. */
  end?: ReactNode
  children: ReactNode
  level?: 2 | 3
}

/** A section of a page in a frame of its own. */
export function Card({ id, heading, end, children, level = 2 }: Props) {
  const Heading = level === 2 ? 'h2' : 'h3'
  return (
    <section aria-labelledby={id} className="rounded-2xl border border-line bg-card p-5 sm:p-6">
      <div className="flex flex-wrap items-center justify-between gap-x-4 gap-y-2">
        <Heading id={id} className="min-w-0 break-words text-lg font-semibold">
          {heading}
        </Heading>
        {end}
      </div>
      {children}
    </section>
  )
}
