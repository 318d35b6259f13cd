import type { ReactNode } from 'react'

/** The one heading of a page and a sentence about it. */
export function PageHeading({ children, lead }: { children: ReactNode; lead?: ReactNode }) {
  return (
    <header className="mb-6">
      <h1 className="break-words text-2xl font-semibold tracking-tight sm:text-3xl">{children}</h1>
      {lead ? <p className="mt-2 max-w-prose text-soft">{lead}</p> : null}
    </header>
  )
}
