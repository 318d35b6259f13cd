'use client'

import { useState } from 'react'
import { smallButton } from '#app/_components/small-button.ts'
import { useAction } from '#app/_components/use-action.ts'
import { join } from '#app/_i18n/join.ts'
import { security } from '#app/_i18n/security.ts'
import { useWords } from '#app/_i18n/use-words.ts'
import { makeRecoveryCodes } from '#app/(home)/home/security/actions.ts'
import { CodeSheet } from '#app/(home)/home/security/code-sheet.tsx'
import { useGuard } from '#app/(home)/home/security/proof-gate.tsx'

/** @param has  whether there are codes already; they are not shown again */
export function FirstCodes({ name, has }: { name: string; has: boolean }) {
  const words = useWords(join).codes
  const { recovery } = useWords(security)
  const guard = useGuard()
  const { busy, run } = useAction()
  const [codes, setCodes] = useState<string[] | null>(null)

  async function make() {
    const outcome = await guard(makeRecoveryCodes)
    if (outcome.ok) setCodes(outcome.value)
    return outcome
  }

  if (codes) return <CodeSheet codes={codes} name={name} onClose={() => window.location.assign('/home')} />
  if (has) return <p>{words.have}</p>
  return (
    <button
      type="button"
      className={smallButton.main}
      disabled={busy}
      aria-busy={busy}
      onClick={() => run({ action: make, done: recovery.done })}
    >
      {busy ? words.making : words.make}
    </button>
  )
}
