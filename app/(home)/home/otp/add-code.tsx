'use client'

import { type FormEvent, useRef, useState, useTransition } from 'react'
import { Field } from '#app/_components/field.tsx'
import { Notice } from '#app/_components/notice.tsx'
import { smallButton } from '#app/_components/small-button.ts'
import { useSay } from '#app/_components/toasts.tsx'
import { otp } from '#app/_i18n/en/otp.ts'
import type { OpenedOtp } from '#app/_server/otp.ts'
import { isMalformedOtps } from '#client/surfaces/otp/errors.ts'
import { fromBase32, otpFrom } from '#client/surfaces/otp/otp.ts'
import { isOtpauthUri, parseOtpauthUri } from '#client/surfaces/otp/otpauth-uri.ts'
import { type StoredOtp, toStored } from '#client/surfaces/otp/stored-otp.ts'
import { addCodes } from './actions.ts'
import { otpTrouble } from './otp-trouble.ts'

const words = otp.add

type Props = { opened: { deviceId: number; password: string }; onChange: (codes: OpenedOtp[]) => void }

/** One more code, typed off a site or pasted as its link. */
export function AddCode({ opened, onChange }: Props) {
  const form = useRef<HTMLFormElement>(null)
  const say = useSay()
  const [busy, start] = useTransition()
  const [trouble, setTrouble] = useState<string | null>(null)

  function submit(event: FormEvent<HTMLFormElement>) {
    event.preventDefault()
    const data = new FormData(event.currentTarget)
    const stored = storedFrom(text(data, 'issuer'), text(data, 'name'), text(data, 'secret'))
    if (typeof stored === 'string') return setTrouble(stored)
    start(async () => {
      const outcome = await addCodes(opened, [stored]).catch(() => null)
      setTrouble(otpTrouble(outcome))
      if (!outcome?.ok) return
      form.current?.reset()
      onChange(outcome.value)
      say({ words: words.added(stored.account), isBad: false })
    })
  }

  return (
    <details className="rounded-2xl border border-line bg-card px-5 py-4 sm:px-6">
      <summary className="w-fit cursor-pointer rounded font-medium">{words.heading}</summary>
      <form ref={form} onSubmit={submit} autoComplete="off" noValidate>
        <Field id="otp-secret" name="secret" label={words.secret} hint={words.secretHint} spellCheck={false} required />
        <Field id="otp-issuer" name="issuer" label={words.issuer} hint={words.issuerHint} maxLength={200} />
        <Field id="otp-name" name="name" label={words.name} maxLength={200} />
        {trouble ? <Notice>{trouble}</Notice> : null}
        <button type="submit" disabled={busy} className={`mt-5 ${smallButton.main}`}>
          {words.add}
        </button>
      </form>
    </details>
  )
}

function text(data: FormData, field: string): string {
  return String(data.get(field) ?? '').trim()
}

/** What is to be stored, or what is wrong with what was typed. A link knows by itself whose it is. */
function storedFrom(issuer: string, name: string, secret: string): StoredOtp | string {
  try {
    if (isOtpauthUri(secret)) {
      const otp = parseOtpauthUri(secret)
      return toStored({ ...otp, issuer: issuer || otp.issuer, name: name || otp.name })
    }
    if (issuer === '' && name === '') return words.noName
    return toStored(otpFrom({ type: 'totp', issuer, name, secret: fromBase32(secret) }))
  } catch (error) {
    if (isMalformedOtps(error)) return words.wrong
    throw error
  }
}
