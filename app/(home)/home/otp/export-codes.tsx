'use client'

import { type FormEvent, useRef, useState, useTransition } from 'react'
import { Notice } from '#app/_components/notice.tsx'
import { Select } from '#app/_components/select.tsx'
import { smallButton } from '#app/_components/small-button.ts'
import { otp } from '#app/_i18n/otp.ts'
import { useWords } from '#app/_i18n/use-words.ts'
import type { OpenedOtp } from '#app/_server/otp.ts'
import { minPasswordLength } from '#client/crypto/password-policy.ts'
import { PinField } from './pin-field.tsx'
import type { Exported } from './write-export.ts'

const formats = ['hearthkeep', 'aegis'] as const

/** All codes of a place in one encrypted file. Never without a password: such a file would be all one's accounts. */
export function ExportCodes({ codes }: { codes: OpenedOtp[] }) {
  const words = useWords(otp).export
  const form = useRef<HTMLFormElement>(null)
  const [busy, start] = useTransition()
  const [trouble, setTrouble] = useState<string | null>(null)
  const [saved, setSaved] = useState<Exported | null>(null)

  function submit(event: FormEvent<HTMLFormElement>) {
    event.preventDefault()
    const data = new FormData(event.currentTarget)
    const [password, repeated] = ['password', 'repeated'].map((field) => String(data.get(field) ?? ''))
    const format = data.get('format') === 'aegis' ? 'aegis' : 'hearthkeep'
    setSaved(null)
    if (password === undefined || [...password.normalize('NFKC')].length < minPasswordLength)
      return setTrouble(words.tooShort)
    if (password !== repeated) return setTrouble(words.different)
    if (!globalThis.isSecureContext) return setTrouble(words.needsHttps)
    setTrouble(null)
    start(async () => {
      const kept = codes.flatMap(({ account, secret }) => (secret === null ? [] : [{ account, secret }]))
      try {
        const { writeExport } = await import('./write-export.ts')
        setSaved(await writeExport(kept, format, password))
        form.current?.reset()
      } catch {
        setTrouble(words.failed)
      }
    })
  }

  return (
    <form method="dialog" ref={form} onSubmit={submit} autoComplete="off" noValidate className="max-w-xl">
      <p className="max-w-prose text-soft">{words.lead}</p>
      <Select id="export-format" name="format" label={words.format}>
        {formats.map((format) => (
          <option key={format} value={format}>
            {words.formats[format]}
          </option>
        ))}
      </Select>
      <PinField
        id="export-password"
        name="password"
        label={words.password}
        hint={words.passwordHint}
        autoComplete="new-password"
      />
      <PinField id="export-repeated" name="repeated" label={words.repeat} autoComplete="new-password" />
      {trouble ? <Notice>{trouble}</Notice> : null}
      <button type="submit" disabled={busy} aria-busy={busy} className={`mt-5 ${smallButton.main}`}>
        {busy ? words.saving : words.save}
      </button>
      <div role="status">
        {saved ? <p className="mt-4 text-good">{words.saved(saved.count)}</p> : null}
        {saved && saved.leftOut.length > 0 ? <p className="mt-2">{words.leftOut(saved.leftOut)}</p> : null}
      </div>
    </form>
  )
}
