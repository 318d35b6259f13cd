import type { ReactNode } from 'react'

/** Something went wrong, said where it happened and read out at once. */
export function Notice({ children }: { children: ReactNode }) {
  return (
    <p role="alert" className="mt-5 rounded-xl border border-bad px-4 py-3 text-bad">
      {children}
    </p>
  )
}
