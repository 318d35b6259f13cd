'use client'

import { type FormEvent, useState } from 'react'
import { Button } from '#app/_components/button.tsx'
import { Field } from '#app/_components/field.tsx'
import { useNewPassword } from '#app/_components/new-password.tsx'
import { Notice } from '#app/_components/notice.tsx'
import { join } from '#app/_i18n/join.ts'
import { useWords } from '#app/_i18n/use-words.ts'
import { makeAccount } from './actions.ts'
import { useJoinTrouble } from './join-trouble.ts'

type Props = {
  lead: string
  /** Something one should know before. */
  note?: string | null
  /** Its code, where one is needed. */
  invitation: string | null
  sendsMail: boolean
}

/** Name and password; afterwards the passkey is offered. */
export function JoinForm({ lead, note = null, invitation, sendsMail }: Props) {
  const words = useWords(join)
  const triedWords = useJoinTrouble()
  const [name, setName] = useState('')
  const { fault, password, fields } = useNewPassword()
  const [busy, setBusy] = useState(false)
  const [trouble, setTrouble] = useState<string | null>(null)

  async function submit(event: FormEvent<HTMLFormElement>) {
    event.preventDefault()
    setTrouble(fault)
    if (fault !== null) return
    setBusy(true)
    const failed = await triedWords(() => makeAccount({ name, password, invitation }), words.trouble.invitation)
    // A whole new page: nothing that was made for strangers may stay in the router's memory.
    if (failed === null) return window.location.assign('/join/passkey')
    setTrouble(failed)
    setBusy(false)
  }

  return (
    <form method="dialog" onSubmit={submit}>
      <h1 className="text-2xl font-semibold tracking-tight">{words.heading}</h1>
      <p className="mt-2 break-words text-soft">{lead}</p>
      {note ? <p className="mt-2 font-medium">{note}</p> : null}
      <Field
        id="name"
        name="username"
        type="text"
        label={words.name}
        value={name}
        onChange={(event) => setName(event.target.value)}
        autoComplete="username"
        autoCapitalize="none"
        spellCheck={false}
        maxLength={254}
        required
        hint={sendsMail ? words.mailHint : words.nameHint}
      />
      {fields}
      {trouble ? <Notice>{trouble}</Notice> : null}
      <Button disabled={busy}>{busy ? words.busy : words.submit}</Button>
      <p className="mt-6">
        <a className="font-medium text-ember underline underline-offset-4" href="/sign-in">
          {words.have}
        </a>
      </p>
    </form>
  )
}
