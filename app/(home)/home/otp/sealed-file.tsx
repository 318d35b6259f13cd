'use client'

import { type FormEvent, useEffect, useId, useState, useTransition } from 'react'
import { Notice } from '#app/_components/notice.tsx'
import { smallButton } from '#app/_components/small-button.ts'
import { otp } from '#app/_i18n/otp.ts'
import { shell } from '#app/_i18n/shell.ts'
import { useWords } from '#app/_i18n/use-words.ts'
import type { OtpFile } from '#client/surfaces/otp/otp-file.ts'
import { PinField } from './pin-field.tsx'
import type { ReadExport } from './read-export.ts'

type Props = { file: File; onOpen: (file: OtpFile) => void; onCancel: () => void }

/** Asks for the password of an encrypted export. */
export function SealedFile({ file, onOpen, onCancel }: Props) {
  const words = useWords(otp).add
  const { offline } = useWords(shell).outcome
  const id = useId()
  const [trouble, setTrouble] = useState<string | null>(null)
  const [busy, start] = useTransition()
  useEffect(() => document.getElementById(id)?.focus(), [id])

  function submit(event: FormEvent<HTMLFormElement>) {
    event.preventDefault()
    const password = String(new FormData(event.currentTarget).get('password') ?? '')
    document.getElementById(id)?.focus()
    start(async () => {
      const answer = await open(password).catch(() => null)
      if (answer?.kind === 'read') return onOpen(answer.file)
      setTrouble(answer === null ? offline : wordsOf(answer.kind))
    })
  }

  async function open(password: string): Promise<ReadExport> {
    const { readExport } = await import('./read-export.ts')
    return readExport(file, password)
  }

  function wordsOf(kind: Exclude<ReadExport['kind'], 'read'>): string {
    if (kind === 'needs-https') return words.needsHttps
    return kind === 'unreadable' ? words.unreadable(file.name) : words.passwordWrong
  }

  return (
    <form method="dialog" onSubmit={submit} autoComplete="off" noValidate className="max-w-xl">
      <PinField id={id} name="password" label={words.password(file.name)} hint={words.passwordHint} />
      {trouble ? <Notice>{trouble}</Notice> : null}
      <div className="mt-5 flex flex-wrap gap-3">
        <button type="submit" disabled={busy} aria-busy={busy} className={smallButton.main}>
          {busy ? words.opening : words.openFile}
        </button>
        <button type="button" className={smallButton.quiet} onClick={onCancel}>
          {words.cancel}
        </button>
      </div>
    </form>
  )
}
