'use client'

import { type FormEvent, useState } from 'react'
import { Card } from '#app/_components/card.tsx'
import { useGuard } from '#app/_components/guard.tsx'
import { useNewPassword } from '#app/_components/new-password.tsx'
import { Notice } from '#app/_components/notice.tsx'
import { smallButton } from '#app/_components/small-button.ts'
import { useAction } from '#app/_components/use-action.ts'
import { security } from '#app/_i18n/security.ts'
import { shell } from '#app/_i18n/shell.ts'
import { useWords } from '#app/_i18n/use-words.ts'
import { changePassword } from './actions.ts'

type Props = { hasPassword: boolean; name: string }

export function PasswordCard({ hasPassword, name }: Props) {
  const words = useWords(security).password
  const [isOpen, setOpen] = useState(false)
  return (
    <Card id="password-heading" heading={words.heading}>
      <p className="mt-2 max-w-prose text-soft">{words.lead}</p>
      {hasPassword ? null : <p className="mt-3">{words.unset}</p>}
      {isOpen ? (
        <ChangePassword name={name} onClose={() => setOpen(false)} />
      ) : (
        <button type="button" className={`${smallButton.quiet} mt-4`} onClick={() => setOpen(true)}>
          {words.change}
        </button>
      )}
    </Card>
  )
}

function ChangePassword({ name, onClose }: { name: string; onClose: () => void }) {
  const words = useWords(security).password
  const { cancel } = useWords(shell)
  const guard = useGuard()
  const { busy, run } = useAction()
  const { fault, password, fields } = useNewPassword('new-')
  const [trouble, setTrouble] = useState<string | null>(null)

  function submit(event: FormEvent) {
    event.preventDefault()
    setTrouble(fault)
    if (fault === null) run({ action: () => guard(() => changePassword(password)), done: words.done }, onClose)
  }

  return (
    <form method="dialog" onSubmit={submit} className="max-w-md">
      <input type="hidden" name="username" autoComplete="username" value={name} />
      {fields}
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
