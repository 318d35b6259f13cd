'use client'

import { useState, useTransition } from 'react'
import { smallButton } from '#app/_components/small-button.ts'
import { useSay } from '#app/_components/toasts.tsx'
import { otp } from '#app/_i18n/otp.ts'
import { useWords } from '#app/_i18n/use-words.ts'
import type { OpenedOtp } from '#app/_server/otp.ts'
import { afterUse, generateCode } from '#client/surfaces/otp/generate-code.ts'
import { readStored, toStored } from '#client/surfaces/otp/stored-otp.ts'
import { advanceCode } from './actions.ts'
import { useOtpTrouble } from './use-otp-trouble.ts'

type Props = {
  code: OpenedOtp
  opened: { deviceId: number; password: string }
  onChange: (codes: OpenedOtp[]) => void
}

/**
 * A code that counts: it is used up by being shown, so it is shown only when asked for, and only once the next counter
 * is stored. Its row goes with its old number, so the code is said below.
 */
export function NextCode({ code, opened, onChange }: Props) {
  const words = useWords(otp).list
  const say = useSay()
  const troubleOf = useOtpTrouble()
  const [busy, start] = useTransition()

  function next() {
    const { account, secret } = code
    const read = secret === null ? null : readStored({ account, secret })
    const after = read && afterUse(read)
    if (!after) return
    start(async () => {
      const outcome = await advanceCode(opened, code.id, { account, secret: toStored(after).secret }).catch(() => null)
      if (!outcome?.ok) return say({ words: troubleOf(outcome) ?? '', isBad: true })
      say({ words: `${account}: ${generateCode(read, 0).code}`, isBad: false, stays: true })
      onChange(outcome.value.codes)
    })
  }

  return (
    <button
      type="button"
      className={smallButton.quiet}
      aria-label={words.nextOf(code.account)}
      disabled={busy}
      aria-busy={busy}
      onClick={next}
    >
      {words.next}
    </button>
  )
}
