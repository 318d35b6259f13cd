'use client'

import { type FormEvent, useState } from 'react'
import { Button } from '#app/_components/button.tsx'
import { Field } from '#app/_components/field.tsx'
import { Notice } from '#app/_components/notice.tsx'
import { ShowButton } from '#app/_components/show-button.tsx'
import { signIn as area } from '#app/_i18n/sign-in.ts'
import { useWords } from '#app/_i18n/use-words.ts'
import { signInByPassword } from './actions.ts'
import { triedWords } from './trouble-words.ts'

type Props = {
  name: string
  onName: (name: string) => void
  /** Whether this is the main way in on this page. */
  isFirst: boolean
  onIn: () => void
}

export function ByPassword({ name, onName, isFirst, onIn }: Props) {
  const words = useWords(area)
  const [visible, setVisible] = useState(false)
  const [busy, setBusy] = useState(false)
  const [trouble, setTrouble] = useState<string | null>(null)

  async function submit(event: FormEvent<HTMLFormElement>) {
    event.preventDefault()
    // Managers fill fields in without telling the page.
    const form = new FormData(event.currentTarget)
    const given = { name: String(form.get('name') ?? ''), password: String(form.get('password') ?? '') }
    setBusy(true)
    setTrouble(null)
    const failed = await triedWords(words.trouble, () => signInByPassword(given), words.trouble.wrongPassword)
    if (failed === null) return onIn()
    setTrouble(failed)
    setBusy(false)
  }

  return (
    <form method="dialog" onSubmit={submit}>
      <Field
        id="name"
        name="name"
        type="text"
        label={words.name}
        value={name}
        onChange={(event) => onName(event.target.value)}
        autoComplete="username webauthn"
        autoCapitalize="none"
        spellCheck={false}
        maxLength={320}
        required
      />
      <Field
        id="password"
        name="password"
        type={visible ? 'text' : 'password'}
        label={words.password}
        autoComplete="current-password"
        maxLength={1024}
        required
        end={<ShowButton visible={visible} onClick={() => setVisible(!visible)} />}
      />
      {trouble ? <Notice>{trouble}</Notice> : null}
      <Button disabled={busy} className={isFirst ? '' : secondary}>
        {busy ? words.busy : words.byPassword}
      </Button>
    </form>
  )
}

const secondary = 'border border-edge bg-transparent! text-ink! hover:border-ember'
