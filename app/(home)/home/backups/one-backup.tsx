'use client'

import { type ReactNode, useEffect, useRef } from 'react'
import { Icon } from '#app/_components/icon.tsx'
import { backups } from '#app/_i18n/backups.ts'
import { useWords } from '#app/_i18n/use-words.ts'
import { useShelf } from './shelf.tsx'

/** Around the page of one backup: the way back, and its name, which is where reading begins. */
export function OneBackup({ heading, lead, children }: { heading: string; lead?: ReactNode; children: ReactNode }) {
  const words = useWords(backups).backup
  const { go } = useShelf()
  const title = useRef<HTMLHeadingElement>(null)
  useEffect(() => title.current?.focus(), [])
  return (
    <>
      <button
        type="button"
        onClick={() => go(null)}
        className="inline-flex items-center gap-1 rounded text-sm font-medium text-ember underline-offset-4 hover:underline"
      >
        <Icon name="back" className="size-4" /> {words.back}
      </button>
      <header className="mb-6 mt-2">
        <h1
          ref={title}
          tabIndex={-1}
          className="break-words text-2xl font-semibold tracking-tight outline-none sm:text-3xl"
        >
          {heading}
        </h1>
        {lead ? <div className="mt-2 max-w-prose text-soft">{lead}</div> : null}
      </header>
      <div className="grid gap-5">{children}</div>
    </>
  )
}
