'use client'

import { type FormEvent, useRef, useState } from 'react'
import { Card } from '#app/_components/card.tsx'
import { Field } from '#app/_components/field.tsx'
import { Notice } from '#app/_components/notice.tsx'
import { smallButton } from '#app/_components/small-button.ts'
import { useAction } from '#app/_components/use-action.ts'
import { otp } from '#app/_i18n/en/otp.ts'
import { addPlace } from './actions.ts'

const words = otp.place
const leastCharacters = 6

/** Make a place for codes with a PIN; folded away once there is one. */
export function NewPlace({ isFirst }: { isFirst: boolean }) {
  if (isFirst)
    return (
      <Card id="new-place" heading={words.heading}>
        <NewPlaceForm />
      </Card>
    )
  return (
    <details className="rounded-2xl border border-line bg-card px-5 py-4 sm:px-6">
      <summary className="w-fit cursor-pointer rounded font-medium">{words.heading}</summary>
      <NewPlaceForm />
    </details>
  )
}

function NewPlaceForm() {
  const form = useRef<HTMLFormElement>(null)
  const { busy, run } = useAction()
  const [trouble, setTrouble] = useState<string | null>(null)

  function submit(event: FormEvent<HTMLFormElement>) {
    event.preventDefault()
    const data = new FormData(event.currentTarget)
    const [name, password, repeated] = ['name', 'pin', 'repeated'].map((field) => String(data.get(field) ?? ''))
    if (name === undefined || password === undefined) return
    if (password.length < leastCharacters) return setTrouble(words.tooShort)
    if (password !== repeated) return setTrouble(words.different)
    setTrouble(null)
    run({ action: () => addPlace({ name, password }), done: words.made }, () => form.current?.reset())
  }

  return (
    <form ref={form} onSubmit={submit} autoComplete="off" noValidate>
      <Field id="place-name" name="name" label={words.name} hint={words.nameHint} maxLength={200} required />
      <Field
        id="place-pin"
        name="pin"
        type="password"
        label={words.pin}
        hint={words.pinHint}
        autoComplete="new-password"
        required
      />
      <Field
        id="place-repeated"
        name="repeated"
        type="password"
        label={words.repeat}
        autoComplete="new-password"
        required
      />
      {trouble ? <Notice>{trouble}</Notice> : null}
      <button type="submit" disabled={busy} className={`mt-5 ${smallButton.main}`}>
        {words.make}
      </button>
    </form>
  )
}
