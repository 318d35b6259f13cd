'use client'

import { useState } from 'react'
import { Button } from '#app/_components/button.tsx'
import { Notice } from '#app/_components/notice.tsx'
import { smallButton } from '#app/_components/small-button.ts'
import { useProblemWords } from '#app/_components/words-of-problem.ts'
import { account } from '#app/_i18n/account.ts'
import { shell } from '#app/_i18n/shell.ts'
import { useWords } from '#app/_i18n/use-words.ts'
import type { Outcome } from '#app/_server/outcome.ts'
import { keepMyAccount, signOutLeaving } from './actions.ts'

/** The way back, and the way out. */
export function LeavingButtons() {
  const words = useWords(account).leaving
  const { outcome: general } = useWords(shell)
  const wordsOfProblem = useProblemWords()
  const [busy, setBusy] = useState(false)
  const [trouble, setTrouble] = useState<string | null>(null)

  async function go(action: () => Promise<Outcome<void>>, to: string) {
    setBusy(true)
    setTrouble(null)
    try {
      const outcome = await action()
      if (outcome.ok) return window.location.assign(to)
      setTrouble(wordsOfProblem(outcome, { 'account.not_leaving': words.tooLate }))
    } catch {
      setTrouble(general.offline)
    }
    setBusy(false)
  }

  return (
    <>
      {trouble ? <Notice>{trouble}</Notice> : null}
      <Button type="button" disabled={busy} onClick={() => go(keepMyAccount, '/home')}>
        {busy ? words.keeping : words.keep}
      </Button>
      <button
        type="button"
        className={`${smallButton.quiet} mt-3 w-full`}
        disabled={busy}
        onClick={() => go(signOutLeaving, '/')}
      >
        {words.signOut}
      </button>
    </>
  )
}
