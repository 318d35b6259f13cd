'use client'

import { useId, useRef, useState } from 'react'
import { Card } from '#app/_components/card.tsx'
import { Field } from '#app/_components/field.tsx'
import { useGuard } from '#app/_components/guard.tsx'
import { Notice } from '#app/_components/notice.tsx'
import { smallButton } from '#app/_components/small-button.ts'
import { useProblemWords } from '#app/_components/words-of-problem.ts'
import { account } from '#app/_i18n/account.ts'
import { shell } from '#app/_i18n/shell.ts'
import { useWords } from '#app/_i18n/use-words.ts'
import { deleteMyAccount } from './actions.ts'

/** The end of the account, behind its name typed out. */
export function LeaveCard({ name, graceDays }: { name: string; graceDays: number }) {
  const words = useWords(account).leave
  const dialog = useRef<HTMLDialogElement>(null)
  const heading = useId()
  return (
    <Card id="leave" heading={words.heading}>
      <p className="mt-2 max-w-prose text-soft">{graceDays > 0 ? words.lead(graceDays) : words.atOnce}</p>
      <button type="button" className={`${smallButton.bad} mt-4`} onClick={() => dialog.current?.showModal()}>
        {words.ask}
      </button>
      <dialog
        ref={dialog}
        aria-labelledby={heading}
        className="m-auto w-[min(30rem,calc(100vw-2rem))] rounded-2xl border border-line bg-card p-6 text-ink backdrop:bg-black/50"
      >
        <h2 id={heading} className="text-lg font-semibold">
          {words.question}
        </h2>
        <p className="mt-2">{words.what}</p>
        <p className="mt-2">{words.stays}</p>
        <p className="mt-2 font-medium">{words.first}</p>
        <Confirm name={name} onCancel={() => dialog.current?.close()} />
      </dialog>
    </Card>
  )
}

function Confirm({ name, onCancel }: { name: string; onCancel: () => void }) {
  const words = useWords(account).leave
  const { cancel, outcome: general } = useWords(shell)
  const wordsOfProblem = useProblemWords()
  const guard = useGuard()
  const [typed, setTyped] = useState('')
  const [busy, setBusy] = useState(false)
  const [trouble, setTrouble] = useState<string | null>(null)

  async function leave() {
    setBusy(true)
    setTrouble(null)
    try {
      const left = await guard(() => deleteMyAccount(typed))
      // A whole new page: nothing of the account may stay in the router's memory.
      if (left.ok) return window.location.assign('/')
      setTrouble(wordsOfProblem(left, { 'account.last_admin': words.lastAdmin, 'input.invalid': words.mismatch }))
    } catch {
      setTrouble(general.offline)
    }
    setBusy(false)
  }

  return (
    <form
      method="dialog"
      onSubmit={(event) => {
        event.preventDefault()
        void leave()
      }}
    >
      <Field
        id="typed-name"
        type="text"
        label={words.type(name)}
        value={typed}
        onChange={(event) => setTyped(event.target.value)}
        autoComplete="off"
        autoCapitalize="none"
        spellCheck={false}
        maxLength={320}
        required
      />
      {trouble ? <Notice>{trouble}</Notice> : null}
      <div className="mt-6 flex flex-wrap justify-end gap-3">
        <button type="button" className={smallButton.quiet} onClick={onCancel}>
          {cancel}
        </button>
        <button type="submit" className={smallButton.bad} disabled={busy} aria-busy={busy}>
          {words.confirm}
        </button>
      </div>
    </form>
  )
}
