'use client'

import { type FormEvent, useState } from 'react'
import { Card } from '#app/_components/card.tsx'
import { Day } from '#app/_components/day.tsx'
import { Field } from '#app/_components/field.tsx'
import { useGuard } from '#app/_components/guard.tsx'
import { Notice } from '#app/_components/notice.tsx'
import { smallButton } from '#app/_components/small-button.ts'
import { useSay } from '#app/_components/toasts.tsx'
import { useProblemWords } from '#app/_components/words-of-problem.ts'
import { account } from '#app/_i18n/account.ts'
import { shell } from '#app/_i18n/shell.ts'
import { useWords } from '#app/_i18n/use-words.ts'
import type { AccountShown } from '#app/_server/account.ts'
import { changeNames } from './actions.ts'

/** By what one signs in, and how to change it. */
export function NamesCard({ account: shown }: { account: AccountShown }) {
  const words = useWords(account).names
  const [isOpen, setOpen] = useState(false)
  return (
    <Card id="names" heading={words.heading}>
      <p className="mt-2 max-w-prose text-soft">{words.lead}</p>
      {isOpen ? (
        <ChangeNames account={shown} onClose={() => setOpen(false)} />
      ) : (
        <>
          <dl className="mt-4 grid gap-x-6 gap-y-1 sm:grid-cols-[auto_1fr]">
            <dt className="text-soft">{words.email}</dt>
            <dd className="break-all font-medium">{shown.email ?? words.none}</dd>
            <dt className="text-soft max-sm:mt-2">{words.username}</dt>
            <dd className="break-all font-medium">{shown.username ?? words.none}</dd>
            <dt className="text-soft max-sm:mt-2">{words.since}</dt>
            <dd>
              <Day at={shown.createdAt} />
            </dd>
          </dl>
          {shown.sendsMail && shown.email === null ? <p className="mt-3 max-w-prose">{words.noMail}</p> : null}
          <button type="button" className={`${smallButton.quiet} mt-4`} onClick={() => setOpen(true)}>
            {words.change}
          </button>
        </>
      )}
    </Card>
  )
}

function ChangeNames({ account: shown, onClose }: { account: AccountShown; onClose: () => void }) {
  const words = useWords(account).names
  const { cancel, outcome: general } = useWords(shell)
  const wordsOfProblem = useProblemWords()
  const guard = useGuard()
  const say = useSay()
  const [busy, setBusy] = useState(false)
  const [trouble, setTrouble] = useState<string | null>(null)

  async function submit(event: FormEvent<HTMLFormElement>) {
    event.preventDefault()
    const form = new FormData(event.currentTarget)
    const names = { email: String(form.get('email') ?? ''), username: String(form.get('username') ?? '') }
    setBusy(true)
    setTrouble(null)
    try {
      const changed = await guard(() => changeNames(names))
      if (changed.ok) {
        say({ words: words.done, isBad: false })
        return onClose()
      }
      setTrouble(wordsOfProblem(changed, { 'account.exists': words.taken, 'input.invalid': words.invalid }))
    } catch {
      setTrouble(general.offline)
    }
    setBusy(false)
  }

  return (
    <form method="dialog" onSubmit={submit} className="max-w-md">
      <Field
        id="email"
        name="email"
        type="text"
        inputMode="email"
        label={words.email}
        defaultValue={shown.email ?? ''}
        autoComplete="email"
        autoCapitalize="none"
        spellCheck={false}
        maxLength={254}
        hint={shown.sendsMail && shown.email ? words.told : words.emailHint}
      />
      <Field
        id="username"
        name="username"
        type="text"
        label={words.username}
        defaultValue={shown.username ?? ''}
        autoComplete="username"
        autoCapitalize="none"
        spellCheck={false}
        maxLength={50}
        hint={words.usernameHint}
      />
      {trouble ? <Notice>{trouble}</Notice> : null}
      <div className="mt-5 flex flex-wrap gap-3">
        <button type="submit" className={smallButton.main} disabled={busy} aria-busy={busy}>
          {busy ? words.saving : words.save}
        </button>
        <button type="button" className={smallButton.quiet} onClick={onClose}>
          {cancel}
        </button>
      </div>
    </form>
  )
}
