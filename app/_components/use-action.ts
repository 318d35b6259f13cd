'use client'

import { useTransition } from 'react'
import { shell } from '#app/_i18n/shell.ts'
import { useWords } from '#app/_i18n/use-words.ts'
import type { Outcome } from '#app/_server/outcome.ts'
import { useSay } from './toasts.tsx'
import { type OwnWords, useProblemWords } from './words-of-problem.ts'

/** Something that can be done, and the words for it once it is. */
export type Deed = {
  action: () => Promise<Outcome<unknown>>
  /** Null: the page says it itself. */
  done: string | null
  /** Words of the page for what may go wrong, instead of the general ones. */
  own?: OwnWords
  /** Takes it back; offered with the news that it worked. */
  undo?: Deed & { label: string }
}

/** @param onTrouble  says what went wrong where it is seen best, instead of at the foot of the page */
type Run = (deed: Deed, onDone?: () => void, onTrouble?: (words: string) => void) => void

/** Run server actions one at a time and say what came of them. */
export function useAction(): { busy: boolean; run: Run } {
  const [busy, start] = useTransition()
  const say = useSay()
  const words = useWords(shell)
  const wordsOfProblem = useProblemWords()

  /** What went wrong in words; null when nothing did. Redirects are Next's to follow. */
  async function troubleOf({ action, own }: Deed): Promise<string | null> {
    try {
      const outcome = await action()
      return outcome.ok ? null : wordsOfProblem(outcome, own)
    } catch (error) {
      const digest = typeof error === 'object' && error !== null && 'digest' in error ? String(error.digest) : null
      if (digest?.startsWith('NEXT_')) throw error
      return digest === null ? words.outcome.offline : words.outcome.server
    }
  }

  const sayTrouble = (trouble: string) => say({ words: trouble, isBad: true })
  const run: Run = (deed, onDone, onTrouble = sayTrouble) => {
    const { done, undo } = deed
    start(async () => {
      const trouble = await troubleOf(deed)
      if (trouble !== null) return onTrouble(trouble)
      if (done !== null)
        say({ words: done, isBad: false, ...(undo ? { undo: { label: undo.label, run: () => run(undo) } } : {}) })
      onDone?.()
    })
  }
  return { busy, run }
}
