'use client'

import { type ReactNode, useState } from 'react'

type Props = {
  heading: string
  /** Whether it begins unfolded; from then on its reader decides. */
  isOpen?: boolean
  children: ReactNode
}

/** A part of the page that is folded away until it is wanted. */
export function Fold({ heading, isOpen = false, children }: Props) {
  const [isOpenAtFirst] = useState(isOpen)
  return (
    <details open={isOpenAtFirst} className="group rounded-2xl border border-line bg-card px-5 py-1 sm:px-6">
      <summary className="flex cursor-pointer list-none items-center justify-between gap-3 rounded-lg py-3 [&::-webkit-details-marker]:hidden">
        <h2 className="font-medium">{heading}</h2>
        <svg
          viewBox="0 0 24 24"
          aria-hidden="true"
          className="size-5 shrink-0 text-soft transition-transform group-open:rotate-180 motion-reduce:transition-none"
        >
          <path d="m5 9 7 7 7-7" fill="none" stroke="currentColor" strokeWidth="1.8" strokeLinecap="round" />
        </svg>
      </summary>
      <div className="pb-4">{children}</div>
    </details>
  )
}
