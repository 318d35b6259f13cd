'use client'

import type { ReactNode } from 'react'
import { useLanguage } from '#app/_i18n/language-provider.tsx'
import { shell } from '#app/_i18n/shell.ts'
import { useWords } from '#app/_i18n/use-words.ts'
import { Ago } from './ago.tsx'
import { formatSize } from './format-size.ts'

type Past = { version: number; size: number; createdAt: number; supersededAt: number | null }

/** Earlier versions of something, newest first. */
export function VersionRows({ children }: { children: ReactNode }) {
  return <ul className="mt-2 divide-y divide-line">{children}</ul>
}

/** @param children  what can be done with it */
export function VersionRow({ past, now, children }: { past: Past; now: number; children: ReactNode }) {
  const words = useWords(shell)
  const language = useLanguage()
  return (
    <li className="flex flex-wrap items-center gap-x-4 gap-y-2 py-3 last:pb-0">
      <div className="min-w-0 flex-1 basis-56">
        <span className="font-medium">{words.version(past.version)}</span>{' '}
        <span className="text-sm text-soft">{formatSize(past.size, language)}</span>
        <p className="text-sm text-soft">
          {words.past.saved} <Ago at={past.createdAt} now={now} />
          {past.supersededAt === null ? null : (
            <>
              , {words.past.replaced} <Ago at={past.supersededAt} now={now} />
            </>
          )}
        </p>
      </div>
      <div className="flex flex-wrap gap-2">{children}</div>
    </li>
  )
}
