'use client'

import { type FormEvent, useEffect, useState, useTransition } from 'react'
import { Notice } from '#app/_components/notice.tsx'
import { smallButton } from '#app/_components/small-button.ts'
import { otp } from '#app/_i18n/otp.ts'
import { useWords } from '#app/_i18n/use-words.ts'
import type { OpenedOtp, OtpPlace } from '#app/_server/otp.ts'
import { openPlace } from './actions.ts'
import { PinField } from './pin-field.tsx'
import { useNameOf, useOtpTrouble } from './use-otp-trouble.ts'

type Props = {
  place: OtpPlace
  wantsFocus: boolean
  onReach: () => void
  onOpen: (opened: { placeId: number; pin: string; codes: OpenedOtp[] }) => void
}

/** The PIN of a place that is not locked; a wrong one is told with the tries that are left. */
export function PinForm({ place, wantsFocus, onReach, onOpen }: Props) {
  const words = useWords(otp).unlock
  const nameOf = useNameOf()
  const troubleOf = useOtpTrouble()
  const [trouble, setTrouble] = useState<'wrong' | { words: string | null } | null>(null)
  const [busy, start] = useTransition()
  const id = `pin-${place.id}`
  useEffect(() => {
    if (wantsFocus) document.getElementById(id)?.focus()
  }, [wantsFocus, id])

  function submit(event: FormEvent<HTMLFormElement>) {
    event.preventDefault()
    const form = event.currentTarget
    const pin = String(new FormData(form).get('pin') ?? '')
    document.getElementById(id)?.focus()
    if (pin === '') return
    start(async () => {
      const outcome = await openPlace({ deviceId: place.id, password: pin }).catch(() => null)
      if (outcome?.ok) return onOpen({ placeId: place.id, pin, codes: outcome.value })
      form.reset()
      setTrouble(outcome?.code === 'otp.pin_wrong' ? 'wrong' : { words: troubleOf(outcome) })
    })
  }

  return (
    <form method="dialog" onSubmit={submit} onFocus={onReach} autoComplete="off" noValidate className="max-w-md">
      <PinField id={id} name="pin" label={words.pin(nameOf(place))} />
      {trouble === null ? null : <Notice>{trouble === 'wrong' ? words.wrong(place.triesLeft) : trouble.words}</Notice>}
      <button type="submit" disabled={busy} aria-busy={busy} className={`mt-5 ${smallButton.main}`}>
        {busy ? words.opening : words.open}
      </button>
    </form>
  )
}
