'use client'

import { type FormEvent, useState } from 'react'
import { Button } from '#app/_components/button.tsx'
import { useNewPassword } from '#app/_components/new-password.tsx'
import { Notice } from '#app/_components/notice.tsx'
import { reset } from '#app/_i18n/reset.ts'
import { useWords } from '#app/_i18n/use-words.ts'
import { useReset } from './call-reset.ts'

type Props = { name: string; code: string; onDone: () => void; onGone: () => void }

/** Set a new password with the code: `POST /password/reset`, form-urlencoded (personas §5). */
export function ChoosePassword({ name, code, onDone, onGone }: Props) {
  const words = useWords(reset).choose
  const callReset = useReset()
  const { fault, password, fields } = useNewPassword()
  const [busy, setBusy] = useState(false)
  const [trouble, setTrouble] = useState<string | null>(null)
  const [before, after] = words.lead

  async function submit(event: FormEvent) {
    event.preventDefault()
    if (fault) return setTrouble(fault)
    setBusy(true)
    setTrouble(null)
    const outcome = await callReset({
      method: 'POST',
      body: new URLSearchParams({ email: name, reset_code: code, password }),
    })
    setBusy(false)
    if (outcome.ok) onDone()
    else if (outcome.status === 410) onGone()
    else setTrouble(outcome.words)
  }

  return (
    <form method="dialog" onSubmit={submit}>
      <p className="mt-3">
        {before}
        <strong className="break-words">{name}</strong>
        {after}
      </p>
      <input type="hidden" name="username" autoComplete="username" value={name} />
      {fields}
      {trouble ? <Notice>{trouble}</Notice> : null}
      <Button disabled={busy}>{busy ? words.saving : words.save}</Button>
    </form>
  )
}
