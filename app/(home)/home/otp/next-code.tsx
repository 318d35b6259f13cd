'use client'

import { useEffect, useId, useRef, useTransition } from 'react'
import { smallButton } from '#app/_components/small-button.ts'
import { useSay } from '#app/_components/toasts.tsx'
import { otp } from '#app/_i18n/otp.ts'
import { useWords } from '#app/_i18n/use-words.ts'
import type { OpenedOtp } from '#app/_server/otp.ts'
import { afterUse, generateCode } from '#client/surfaces/otp/generate-code.ts'
import { readStored, toStored } from '#client/surfaces/otp/stored-otp.ts'
import { advanceCode } from './actions.ts'
import { BigCode } from './big-code.tsx'
import { CopyButton } from './copy-button.tsx'
import { useOtpTrouble } from './use-otp-trouble.ts'

type Props = {
  code: OpenedOtp
  opened: { deviceId: number; password: string }
  /** Asked for just now, and used up by that. */
  shown: string | null
  onNext: (next: { id: number; shown: string; codes: OpenedOtp[] }) => void
}

/**
 * A code that counts: it is used up by being shown, so it is shown only when asked for, and only once the next counter
 * is stored, which gives it another number and with that a new row.
 */
export function NextCode({ code, opened, shown, onNext }: Props) {
  const words = useWords(otp).list
  const say = useSay()
  const troubleOf = useOtpTrouble()
  const [busy, start] = useTransition()
  const button = useRef<HTMLButtonElement>(null)
  const id = useId()
  const { account, secret } = code
  // The button that was pressed went with the old row; here it is again, and the code is read out with it.
  useEffect(() => {
    if (shown !== null) button.current?.focus()
  }, [shown])

  function next() {
    const read = secret === null ? null : readStored({ account, secret })
    const after = read && afterUse(read)
    if (!after) return
    start(async () => {
      const outcome = await advanceCode(opened, code.id, { account, secret: toStored(after).secret }).catch(() => null)
      if (outcome?.ok) return onNext({ ...outcome.value, shown: generateCode(read, 0).code })
      say({ words: troubleOf(outcome) ?? '', isBad: true })
    })
  }

  return (
    <>
      <span id={id}>{shown === null ? null : <BigCode code={shown} />}</span>
      <span className="flex gap-2">
        {shown === null ? null : <CopyButton label={account} text={() => shown} />}
        <button
          ref={button}
          type="button"
          className={smallButton.quiet}
          aria-label={words.nextOf(account)}
          aria-describedby={id}
          disabled={busy}
          aria-busy={busy}
          onClick={next}
        >
          {words.next}
        </button>
      </span>
    </>
  )
}
