'use client'

import { useTransition } from 'react'
import { shell } from '#app/_i18n/shell.ts'
import { useWords } from '#app/_i18n/use-words.ts'
import type { Outcome } from '#app/_server/outcome.ts'
import { useSay } from './toasts.tsx'
import { useProblemWords } from './words-of-problem.ts'

/** Something that can be done, and the words for it once it is. */
export type Deed = {
  action: () => Promise<Outcome<unknown>>
  done: string
  /** Takes it back; offered with the news that it worked. */
  undo?: Deed & { label: string }
}

/** Run server actions one at a time and say what came of them. */
export function useAction(): { busy: boolean; run: (deed: Deed, onDone?: () => void) => void } {
  const [busy, start] = useTransition()
  const say = useSay()
  const words = useWords(shell)
  const wordsOfProblem = useProblemWords()

  /** What went wrong in words; null when nothing did. Redirects are Next's to follow. */
  async function troubleOf(action: Deed['action']): Promise<string | null> {
    try {
      const outcome = await action()
      return outcome.ok ? null : wordsOfProblem(outcome)
    } catch (error) {
      const digest = typeof error === 'object' && error !== null && 'digest' in error ? String(error.digest) : null
      if (digest?.startsWith('NEXT_')) throw error
      return digest === null ? words.outcome.offline : words.outcome.server
    }
  }

  function run({ action, done, undo }: Deed, onDone?: () => void) {
    start(async () => {
      const trouble = await troubleOf(action)
      if (trouble !== null) return say({ words: trouble, isBad: true })
      say({ words: done, isBad: false, ...(undo ? { undo: { label: undo.label, run: () => run(undo) } } : {}) })
      onDone?.()
    })
  }
  return { busy, run }
}
