'use client'

import { type FormEvent, useState } from 'react'
import { Button } from '#app/_components/button.tsx'
import { CodeField } from '#app/_components/code-field.tsx'
import { Field } from '#app/_components/field.tsx'
import { Notice } from '#app/_components/notice.tsx'
import { signIn as area } from '#app/_i18n/sign-in.ts'
import { useWords } from '#app/_i18n/use-words.ts'
import { signInByRecoveryCode } from './actions.ts'
import { triedWords } from './trouble-words.ts'

type Props = { name: string; onName: (name: string) => void; onIn: () => void; onBack: () => void }

export function ByRecoveryCode({ name, onName, onIn, onBack }: Props) {
  const words = useWords(area)
  const [busy, setBusy] = useState(false)
  const [trouble, setTrouble] = useState<string | null>(null)

  async function submit(event: FormEvent<HTMLFormElement>) {
    event.preventDefault()
    const code = String(new FormData(event.currentTarget).get('code') ?? '')
    setBusy(true)
    setTrouble(null)
    const failed = await triedWords(words.trouble, () => signInByRecoveryCode({ name, code }), words.trouble.wrongCode)
    if (failed === null) return onIn()
    setTrouble(failed)
    setBusy(false)
  }

  return (
    <form method="dialog" onSubmit={submit}>
      <p className="mt-3">{words.recovery.lead}</p>
      <Field
        id="name"
        name="name"
        type="text"
        label={words.name}
        value={name}
        onChange={(event) => onName(event.target.value)}
        autoComplete="username"
        autoCapitalize="none"
        spellCheck={false}
        maxLength={320}
        required
      />
      <CodeField label={words.recovery.code} hint={words.recovery.none} groups={5} />
      {trouble ? <Notice>{trouble}</Notice> : null}
      <Button disabled={busy}>{busy ? words.busy : words.recovery.submit}</Button>
      <button type="button" className="mt-6 font-medium text-ember underline underline-offset-4" onClick={onBack}>
        {words.recovery.back}
      </button>
    </form>
  )
}
