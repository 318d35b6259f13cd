import type { ReactNode } from 'react'

/** A word that marks a row as damaged. */
export function BadBadge({ children }: { children: ReactNode }) {
  return <span className="rounded-md border border-bad px-1.5 py-0.5 text-xs font-medium text-bad">{children}</span>
}
