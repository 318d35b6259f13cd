'use client'

import { type FormEvent, useState } from 'react'
import { Button } from '#app/_components/button.tsx'
import { Field } from '#app/_components/field.tsx'
import { useNewPassword } from '#app/_components/new-password.tsx'
import { Notice } from '#app/_components/notice.tsx'
import { appoint } from '#app/(welcome)/setup/actions.ts'
import { useSetup } from '#app/(welcome)/setup/use-setup.ts'

/** A new account, or one that somebody made on this machine before. */
export function KeeperForm({ hasAccounts }: { hasAccounts: boolean }) {
  const { words, busy, trouble, setTrouble, answer } = useSetup()
  const [isNew, setNew] = useState(true)
  const [known, setKnown] = useState('')
  const { fault, password, fields } = useNewPassword()
  const { keeper } = words

  function submit(event: FormEvent<HTMLFormElement>) {
    event.preventDefault()
    setTrouble(isNew ? fault : null)
    if (isNew && fault !== null) return
    // Not kept in state: what was typed before this page's scripts were there must count too.
    const name = String(new FormData(event.currentTarget).get('username') ?? '')
    const given = { name, password: isNew ? password : known, isNew }
    // Back to this screen, which offers a passkey now.
    void answer(
      () => appoint(given),
      '/setup/keeper',
      ({ code }) => (code === 'input.invalid' ? (isNew ? words.trouble.name : words.trouble.password) : null),
    )
  }

  return (
    <form method="dialog" onSubmit={submit}>
      {isNew ? null : <p className="mt-5">{keeper.existing.lead}</p>}
      <Field
        id="name"
        name="username"
        type="text"
        label={keeper.name}
        autoComplete="username"
        autoCapitalize="none"
        spellCheck={false}
        maxLength={254}
        required
        hint={isNew ? keeper.nameHint : undefined}
      />
      {isNew ? (
        fields
      ) : (
        <Field
          id="known"
          type="password"
          label={keeper.existing.password}
          value={known}
          onChange={(event) => setKnown(event.target.value)}
          autoComplete="current-password"
          required
        />
      )}
      {trouble ? <Notice>{trouble}</Notice> : null}
      <Button disabled={busy}>{busy ? words.busy : isNew ? keeper.submit : keeper.existing.submit}</Button>
      {hasAccounts ? (
        <button
          type="button"
          className="mt-5 font-medium text-ember underline underline-offset-4"
          onClick={() => {
            setTrouble(null)
            setNew(!isNew)
          }}
        >
          {isNew ? keeper.existing.heading : keeper.existing.fresh}
        </button>
      ) : null}
    </form>
  )
}
