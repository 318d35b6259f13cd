'use client'

import { type FormEvent, useRef, useState, useTransition } from 'react'
import { Field } from '#app/_components/field.tsx'
import { Notice } from '#app/_components/notice.tsx'
import { smallButton } from '#app/_components/small-button.ts'
import { useSay } from '#app/_components/toasts.tsx'
import { otp } from '#app/_i18n/en/otp.ts'
import type { OpenedOtp } from '#app/_server/otp.ts'
import type { OtpFile } from '#client/surfaces/otp/otp-file.ts'
import { addCodes } from './actions.ts'
import { otpTrouble } from './otp-trouble.ts'

const words = otp.import
/** One request holds this many; they have to fit into what a server action takes. */
const batch = 100

type Props = { opened: { deviceId: number; password: string }; onChange: (codes: OpenedOtp[]) => void }

/** Codes from another authenticator's export. The file is read, and opened, in the browser. */
export function ImportCodes({ opened, onChange }: Props) {
  const form = useRef<HTMLFormElement>(null)
  const say = useSay()
  const [busy, start] = useTransition()
  const [trouble, setTrouble] = useState<string | null>(null)

  function submit(event: FormEvent<HTMLFormElement>) {
    event.preventDefault()
    const data = new FormData(event.currentTarget)
    const file = data.get('file')
    if (!(file instanceof File) || file.size === 0) return setTrouble(words.needsFile)
    start(async () => {
      const read = await readFile(file, String(data.get('password') ?? ''))
      if (!read) return setTrouble(words.unreadable)
      if (read.otps.length === 0) return setTrouble(words.nothing)
      for (let at = 0; at < read.otps.length; at += batch) {
        const outcome = await addCodes(opened, read.otps.slice(at, at + batch)).catch(() => null)
        if (outcome?.ok) onChange(outcome.value)
        else return setTrouble(otpTrouble(outcome))
      }
      form.current?.reset()
      setTrouble(read.skipped.length > 0 ? words.skipped(read.skipped.length) : null)
      say({ words: words.done(read.otps.length), isBad: false })
    })
  }

  return (
    <details className="rounded-2xl border border-line bg-card px-5 py-4 sm:px-6">
      <summary className="w-fit cursor-pointer rounded font-medium">{words.heading}</summary>
      <form ref={form} onSubmit={submit} autoComplete="off" noValidate>
        <p className="mt-2 text-soft">{words.lead}</p>
        <Field id="import-file" name="file" type="file" label={words.file} required />
        <Field
          id="import-password"
          name="password"
          type="password"
          label={words.password}
          hint={words.passwordHint}
          autoComplete="off"
        />
        {trouble ? <Notice>{trouble}</Notice> : null}
        <button type="submit" disabled={busy} className={`mt-5 ${smallButton.main}`}>
          {words.import}
        </button>
      </form>
    </details>
  )
}

/** Loaded only when it is wanted; it knows many formats. @returns null for a file that cannot be read */
async function readFile(file: File, password: string): Promise<OtpFile | null> {
  const { readOtpFile } = await import('#client/surfaces/otp/read-otp-file.ts')
  try {
    return await readOtpFile(new Uint8Array(await file.arrayBuffer()), { password: async () => password })
  } catch {
    return null
  }
}
