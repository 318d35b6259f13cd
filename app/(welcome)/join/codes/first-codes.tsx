'use client'

import { useState } from 'react'
import { useGuard } from '#app/_components/guard.tsx'
import { Notice } from '#app/_components/notice.tsx'
import { smallButton } from '#app/_components/small-button.ts'
import { useProblemWords } from '#app/_components/words-of-problem.ts'
import { join } from '#app/_i18n/join.ts'
import { shell } from '#app/_i18n/shell.ts'
import { useWords } from '#app/_i18n/use-words.ts'
import { makeRecoveryCodes } from '#app/(home)/home/security/actions.ts'
import { CodeSheet } from '#app/(home)/home/security/code-sheet.tsx'

/** @param has  whether there are codes already; they are not shown again */
export function FirstCodes({ name, has }: { name: string; has: boolean }) {
  const words = useWords(join).codes
  const { outcome: general } = useWords(shell)
  const wordsOfProblem = useProblemWords()
  const guard = useGuard()
  const [busy, setBusy] = useState(false)
  const [trouble, setTrouble] = useState<string | null>(null)
  const [codes, setCodes] = useState<string[] | null>(null)

  async function make() {
    setBusy(true)
    setTrouble(null)
    try {
      const outcome = await guard(makeRecoveryCodes)
      if (outcome.ok) setCodes(outcome.value)
      else setTrouble(wordsOfProblem(outcome))
    } catch {
      setTrouble(general.offline)
    }
    setBusy(false)
  }

  if (codes) return <CodeSheet codes={codes} name={name} onClose={() => window.location.assign('/home')} level={2} />
  if (has) return <p>{words.have}</p>
  return (
    <>
      <button type="button" className={smallButton.main} disabled={busy} aria-busy={busy} onClick={make}>
        {busy ? words.making : words.make}
      </button>
      {trouble ? <Notice>{trouble}</Notice> : null}
    </>
  )
}
