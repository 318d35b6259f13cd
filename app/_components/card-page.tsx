import type { ReactNode } from 'react'
import { Hearth } from './hearth.tsx'
import { LanguageSwitch } from './language-switch.tsx'
import { productName } from './product-name.ts'

/** A page with one thing to do, in the middle of the screen. */
export function CardPage({ children }: { children: ReactNode }) {
  return (
    <div className="mx-auto flex min-h-dvh max-w-md flex-col px-5 py-10">
      <main className="my-auto">
        <a href="/" className="mb-6 flex w-fit items-center gap-3 rounded-lg">
          <Hearth />
          <span className="text-lg font-semibold">{productName}</span>
        </a>
        <div className="rounded-2xl border border-line bg-card p-6 sm:p-8">{children}</div>
      </main>
      <footer className="mt-8 flex justify-center">
        <LanguageSwitch />
      </footer>
    </div>
  )
}
