import type { ReactNode } from 'react'

/** What the environment has decided. */
export function Pinned({ children }: { children: ReactNode }) {
  return <p className="mt-5 rounded-xl border border-line px-4 py-3 text-soft">{children}</p>
}

/** On to the next screen without an answer. */
export function GoOn({ href, children }: { href: string; children: ReactNode }) {
  return (
    <a
      className="mt-7 inline-flex w-full items-center justify-center rounded-xl bg-ember px-5 py-3 font-semibold text-ember-ink hover:opacity-90"
      href={href}
    >
      {children}
    </a>
  )
}
