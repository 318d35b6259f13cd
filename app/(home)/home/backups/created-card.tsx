'use client'

import { useEffect, useRef } from 'react'
import { smallButton } from '#app/_components/small-button.ts'
import { backups } from '#app/_i18n/backups.ts'
import { useWords } from '#app/_i18n/use-words.ts'
import type { Made } from './create-card.tsx'
import { useShelf } from './shelf.tsx'
import { type Progressed, StepList } from './step-list.tsx'
import { useWork } from './trouble.tsx'

type Props = { made: Made; progress: Progressed; onAgain: () => void }

/** What came of a new backup, and what to do next. */
export function CreatedCard({ made: { id, isSafe, trouble }, progress, onAgain }: Props) {
  const words = useWords(backups).create
  const { go } = useShelf()
  const heading = useRef<HTMLHeadingElement>(null)
  const { run, notice } = useWork()
  useEffect(() => heading.current?.focus(), [])
  const told = useRef(false)
  useEffect(() => {
    if (trouble === null || told.current) return
    told.current = true
    void run(() => Promise.reject(trouble))
  })
  return (
    <section
      aria-labelledby="created"
      className={`rounded-2xl border bg-card p-5 sm:p-6 ${isSafe ? 'border-good' : 'border-bad'}`}
    >
      <h2 id="created" ref={heading} tabIndex={-1} className="text-lg font-semibold outline-none">
        {isSafe ? words.done : words.unproven}
      </h2>
      {isSafe ? <p className="mt-1 text-soft">{words.doneText}</p> : null}
      <StepList {...progress} />
      {notice}
      <div className="mt-5 flex flex-wrap gap-3">
        <button type="button" className={smallButton.main} onClick={() => go(id)}>
          {isSafe ? words.show : words.tryAgain}
        </button>
        <button type="button" className={smallButton.quiet} onClick={onAgain}>
          {words.another}
        </button>
      </div>
    </section>
  )
}
