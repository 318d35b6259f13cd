import type { ReactNode } from 'react'
import { Hearth } from './hearth.tsx'

/** A page with one thing to do, in the middle of the screen. */
export function CardPage({ name, children }: { name: string; children: ReactNode }) {
  return (
    <main className="mx-auto flex min-h-dvh max-w-md flex-col justify-center px-5 py-10">
      <div className="mb-6 flex items-center gap-3">
        <Hearth />
        <span className="text-lg font-semibold">{name}</span>
      </div>
      <div className="rounded-2xl border border-line bg-card p-6 sm:p-8">{children}</div>
    </main>
  )
}
