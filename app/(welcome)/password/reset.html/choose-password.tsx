'use client'

import { type FormEvent, useState } from 'react'
import { Button } from '#app/_components/button.tsx'
import { Field } from '#app/_components/field.tsx'
import { Notice } from '#app/_components/notice.tsx'
import { en } from '#app/_i18n/en.ts'
import { callReset } from './call-reset.ts'
import { leastCharacters, passwordStrength } from './password-strength.ts'
import { StrengthMeter } from './strength-meter.tsx'

type Props = { name: string; code: string; onDone: () => void; onGone: () => void }

/** Set a new password with the code: `POST /password/reset`, form-urlencoded (personas §5). */
export function ChoosePassword({ name, code, onDone, onGone }: Props) {
  const words = en.reset.choose
  const [password, setPassword] = useState('')
  const [repeated, setRepeated] = useState('')
  const [visible, setVisible] = useState(false)
  const [busy, setBusy] = useState(false)
  const [trouble, setTrouble] = useState<string | null>(null)
  const [before, bold, after] = words.lead(name)

  async function submit(event: FormEvent) {
    event.preventDefault()
    if ([...password].length < leastCharacters) return setTrouble(words.tooShort)
    if (password !== repeated) return setTrouble(words.different)
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

  const type = visible ? 'text' : 'password'
  return (
    <form onSubmit={submit}>
      <p className="mt-3">
        {before}
        <strong className="break-words">{bold}</strong>
        {after}
      </p>
      <input type="hidden" name="username" autoComplete="username" value={name} />
      <Field
        id="password"
        type={type}
        label={words.password}
        value={password}
        onChange={(event) => setPassword(event.target.value)}
        autoComplete="new-password"
        required
        hint={<StrengthMeter strength={passwordStrength(password)} shown={password !== ''} />}
        end={
          <button
            type="button"
            aria-pressed={visible}
            onClick={() => setVisible(!visible)}
            className="rounded-xl px-3.5 text-sm font-medium text-ember"
          >
            {visible ? words.hide : words.show}
          </button>
        }
      />
      <Field
        id="repeated"
        type={type}
        label={words.repeat}
        value={repeated}
        onChange={(event) => setRepeated(event.target.value)}
        autoComplete="new-password"
        required
        hint={<Match password={password} repeated={repeated} />}
      />
      {trouble ? <Notice>{trouble}</Notice> : null}
      <Button disabled={busy}>{busy ? words.saving : words.save}</Button>
    </form>
  )
}

/** Its line is always there, so that nothing moves when it begins to speak. */
function Match({ password, repeated }: { password: string; repeated: string }) {
  const same = password === repeated
  const mark = same ? '✓' : '✗'
  return (
    <span aria-live="polite" className={`block min-h-5 ${same ? 'text-good' : 'text-soft'}`}>
      {repeated === '' ? '' : `${mark} ${same ? en.reset.choose.same : en.reset.choose.different}`}
    </span>
  )
}
