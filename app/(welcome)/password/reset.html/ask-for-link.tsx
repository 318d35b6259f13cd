'use client'

import { type FormEvent, useState } from 'react'
import { Button } from '#app/_components/button.tsx'
import { Field } from '#app/_components/field.tsx'
import { Notice } from '#app/_components/notice.tsx'
import { useLanguage } from '#app/_i18n/language-provider.tsx'
import { reset } from '#app/_i18n/reset.ts'
import { useWords } from '#app/_i18n/use-words.ts'
import { useReset } from './call-reset.ts'

type Props = { name: string; hasMail: boolean; onSent: () => void }

/** Ask for a reset mail in the language of this page: `PUT /password/reset` with JSON (personas §5). */
export function AskForLink({ name, hasMail, onSent }: Props) {
  const words = useWords(reset).ask
  const language = useLanguage()
  const callReset = useReset()
  const [busy, setBusy] = useState(false)
  const [trouble, setTrouble] = useState<string | null>(null)

  if (!hasMail) return <p className="mt-3">{words.noMail}</p>

  async function submit(event: FormEvent<HTMLFormElement>) {
    event.preventDefault()
    const email = String(new FormData(event.currentTarget).get('email') ?? '')
    setBusy(true)
    setTrouble(null)
    const outcome = await callReset({
      method: 'PUT',
      headers: { 'Content-Type': 'application/json', 'Accept-Language': language },
      body: JSON.stringify({ email }),
    })
    setBusy(false)
    if (outcome.ok) onSent()
    else setTrouble(outcome.words)
  }

  return (
    <form method="dialog" onSubmit={submit}>
      <p className="mt-3">{words.lead}</p>
      <Field
        id="email"
        name="email"
        type="email"
        label={words.email}
        defaultValue={name}
        autoComplete="username"
        required
      />
      {trouble ? <Notice>{trouble}</Notice> : null}
      <Button disabled={busy}>{busy ? words.sending : words.send}</Button>
    </form>
  )
}
