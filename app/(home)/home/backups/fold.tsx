import type { ReactNode } from 'react'

/** Something that few need, behind its heading. */
export function Fold({ heading, children }: { heading: string; children: ReactNode }) {
  return (
    <details className="rounded-2xl border border-line bg-card px-5 py-4 sm:px-6">
      <summary className="w-fit cursor-pointer rounded font-medium">{heading}</summary>
      {children}
    </details>
  )
}
