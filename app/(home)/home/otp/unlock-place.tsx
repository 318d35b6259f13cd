'use client'

import { type FormEvent, useState, useTransition } from 'react'
import { AskFirst } from '#app/_components/ask-first.tsx'
import { Field } from '#app/_components/field.tsx'
import { Notice } from '#app/_components/notice.tsx'
import { smallButton } from '#app/_components/small-button.ts'
import { otp } from '#app/_i18n/en/otp.ts'
import type { OtpPlace } from '#app/_server/otp.ts'
import { openPlace, removePlace } from './actions.ts'
import type { Unlocked } from './codes.tsx'
import { nameOf, otpTrouble } from './otp-trouble.ts'

const words = otp.unlock

type Props = { places: OtpPlace[]; onOpen: (unlocked: Unlocked) => void }

/** Choose a place, give its PIN. */
export function UnlockPlace({ places, onOpen }: Props) {
  const [chosen, setChosen] = useState(places[0]?.id)
  const [trouble, setTrouble] = useState<string | null>(null)
  const [busy, start] = useTransition()
  const place = places.find(({ id }) => id === chosen) ?? places[0]
  if (!place) return null

  function submit(event: FormEvent<HTMLFormElement>, open: OtpPlace) {
    event.preventDefault()
    const form = event.currentTarget
    const pin = String(new FormData(form).get('pin') ?? '')
    if (pin === '') return
    start(async () => {
      const outcome = await openPlace({ deviceId: open.id, password: pin }).catch(() => null)
      if (outcome?.ok) return onOpen({ place: open, pin, codes: outcome.value })
      form.reset()
      setTrouble(otpTrouble(outcome))
    })
  }

  return (
    <section aria-label={words.changePlace} className="rounded-2xl border border-line bg-card p-5 sm:p-6">
      <ul className="divide-y divide-line">
        {places.map((one) => (
          <li key={one.id} className="flex flex-wrap items-center justify-between gap-3 py-2">
            <label className="flex min-w-0 flex-1 basis-48 cursor-pointer items-center gap-3 py-1">
              <input
                type="radio"
                name="place"
                className="size-4 shrink-0 accent-ember"
                checked={one.id === place.id}
                onChange={() => setChosen(one.id)}
              />
              <span className="min-w-0">
                <span className="block break-words font-medium">{nameOf(one)}</span>
                <span className="text-sm text-soft">{otp.place.count(one.codes)}</span>
              </span>
            </label>
            <AskFirst
              words={otp.place.remove}
              label={`${otp.place.remove} ${nameOf(one)}`}
              heading={otp.place.removeHeading(nameOf(one))}
              action={() => removePlace(one.id)}
              done={otp.place.removed}
            >
              <p>{otp.place.removeText}</p>
            </AskFirst>
          </li>
        ))}
      </ul>
      <form onSubmit={(event) => submit(event, place)} autoComplete="off">
        <Field
          id="pin"
          name="pin"
          type="password"
          label={words.pin(nameOf(place))}
          autoComplete="off"
          required
          end={
            <button type="submit" disabled={busy} className={`m-1 ${smallButton.main}`}>
              {busy ? words.opening : words.open}
            </button>
          }
        />
        {trouble ? <Notice>{trouble}</Notice> : null}
      </form>
    </section>
  )
}
