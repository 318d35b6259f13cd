'use client'

import { type FormEvent, useState } from 'react'
import { Button } from '#app/_components/button.tsx'
import { CodeField } from '#app/_components/code-field.tsx'
import { Notice } from '#app/_components/notice.tsx'
import { join } from '#app/_i18n/join.ts'
import { useWords } from '#app/_i18n/use-words.ts'
import { checkInvitation } from './actions.ts'
import { useJoinTrouble } from './join-trouble.ts'

/** For whoever was told a code rather than sent a link. */
export function TypeCode() {
  const words = useWords(join)
  const triedWords = useJoinTrouble()
  const [busy, setBusy] = useState(false)
  const [trouble, setTrouble] = useState<string | null>(null)

  async function submit(event: FormEvent<HTMLFormElement>) {
    event.preventDefault()
    const code = String(new FormData(event.currentTarget).get('code') ?? '').trim()
    setBusy(true)
    setTrouble(null)
    const failed = await triedWords(() => checkInvitation(code), words.trouble.wrongCode)
    if (failed === null) return window.location.assign(`/join/${encodeURIComponent(code)}`)
    setTrouble(failed)
    setBusy(false)
  }

  return (
    <form method="dialog" onSubmit={submit}>
      <h1 className="text-2xl font-semibold tracking-tight">{words.code.heading}</h1>
      <p className="mt-2 text-soft">{words.code.lead}</p>
      <CodeField label={words.code.label} hint={words.code.ask} groups={3} />
      {trouble ? <Notice>{trouble}</Notice> : null}
      <Button disabled={busy}>{busy ? words.code.busy : words.code.submit}</Button>
      <p className="mt-6">
        <a className="font-medium text-ember underline underline-offset-4" href="/sign-in">
          {words.have}
        </a>
      </p>
    </form>
  )
}
