'use client'

import { type FormEvent, useRef, useState, useTransition } from 'react'
import { Field } from '#app/_components/field.tsx'
import { Notice } from '#app/_components/notice.tsx'
import { smallButton } from '#app/_components/small-button.ts'
import { useSay } from '#app/_components/toasts.tsx'
import { otp } from '#app/_i18n/otp.ts'
import { useWords } from '#app/_i18n/use-words.ts'
import type { OpenedOtp } from '#app/_server/otp.ts'
import { addCodes } from './actions.ts'
import { findDoubles } from './compare-codes.ts'
import { readTyped } from './read-typed.ts'
import { SeldomSettings } from './seldom-settings.tsx'
import { useOtpTrouble } from './use-otp-trouble.ts'

type Props = {
  opened: { deviceId: number; password: string }
  codes: OpenedOtp[]
  onAdded: (codes: OpenedOtp[]) => void
}

/** One more code, typed off a site or pasted as its link. */
export function TypeCode({ opened, codes, onAdded }: Props) {
  const words = useWords(otp).type
  const form = useRef<HTMLFormElement>(null)
  const say = useSay()
  const troubleOf = useOtpTrouble()
  const [busy, start] = useTransition()
  const [trouble, setTrouble] = useState<string | null>(null)

  function submit(event: FormEvent<HTMLFormElement>) {
    event.preventDefault()
    const typed = readTyped(new FormData(event.currentTarget))
    if (typed.kind !== 'code') return setTrouble(words[typed.kind])
    const { stored } = typed
    const kept = codes.flatMap(({ account, secret }) => (secret === null ? [] : [{ account, secret }]))
    const [double] = findDoubles([stored], kept)
    if (double?.kind === 'here') return setTrouble(words.here(double.account))
    start(async () => {
      const outcome = await addCodes(opened, [stored]).catch(() => null)
      setTrouble(troubleOf(outcome))
      if (!outcome?.ok) return
      form.current?.reset()
      onAdded(outcome.value)
      say({ words: words.added(stored.account), isBad: false })
    })
  }

  return (
    <form method="dialog" ref={form} onSubmit={submit} autoComplete="off" noValidate className="mt-6 max-w-xl">
      <h3 className="font-semibold">{words.heading}</h3>
      <Field
        id="otp-secret"
        name="secret"
        label={words.secret}
        hint={words.secretHint}
        autoCapitalize="none"
        spellCheck={false}
        required
      />
      <Field id="otp-issuer" name="issuer" label={words.issuer} hint={words.issuerHint} maxLength={200} />
      <Field id="otp-name" name="name" label={words.name} maxLength={200} />
      <SeldomSettings />
      {trouble ? <Notice>{trouble}</Notice> : null}
      <button type="submit" disabled={busy} aria-busy={busy} className={`mt-5 ${smallButton.main}`}>
        {words.add}
      </button>
    </form>
  )
}
