'use client'

import { type FormEvent, useRef, useState } from 'react'
import { Card } from '#app/_components/card.tsx'
import { Field } from '#app/_components/field.tsx'
import { Notice } from '#app/_components/notice.tsx'
import { smallButton } from '#app/_components/small-button.ts'
import { useAction } from '#app/_components/use-action.ts'
import { otp } from '#app/_i18n/otp.ts'
import { useWords } from '#app/_i18n/use-words.ts'
import { addPlace } from './actions.ts'
import { Fold } from './fold.tsx'
import { PinField } from './pin-field.tsx'

export const leastPinCharacters = 6

/** Make a place for codes with a PIN; folded away once there is one. */
export function NewPlace({ isFirst }: { isFirst: boolean }) {
  const { heading } = useWords(otp).place
  if (!isFirst)
    return (
      <Fold heading={heading}>
        <NewPlaceForm />
      </Fold>
    )
  return (
    <Card id="new-place" heading={heading}>
      <NewPlaceForm />
    </Card>
  )
}

function NewPlaceForm() {
  const words = useWords(otp).place
  const form = useRef<HTMLFormElement>(null)
  const { busy, run } = useAction()
  const [trouble, setTrouble] = useState<string | null>(null)

  function submit(event: FormEvent<HTMLFormElement>) {
    event.preventDefault()
    const data = new FormData(event.currentTarget)
    const [name, password, repeated] = ['name', 'pin', 'repeated'].map((field) => String(data.get(field) ?? ''))
    if (name === undefined || password === undefined) return
    if ([...password].length < leastPinCharacters) return setTrouble(words.tooShort)
    if (password !== repeated) return setTrouble(words.different)
    setTrouble(null)
    run({ action: () => addPlace({ name, password }), done: words.made }, () => form.current?.reset())
  }

  return (
    <form method="dialog" ref={form} onSubmit={submit} autoComplete="off" noValidate className="max-w-xl">
      <Field id="place-name" name="name" label={words.name} hint={words.nameHint} maxLength={200} required />
      <PinField id="place-pin" name="pin" label={words.pin} hint={words.pinHint} autoComplete="new-password" />
      <PinField id="place-repeated" name="repeated" label={words.repeat} autoComplete="new-password" />
      {trouble ? <Notice>{trouble}</Notice> : null}
      <button type="submit" disabled={busy} aria-busy={busy} className={`mt-5 ${smallButton.main}`}>
        {words.make}
      </button>
    </form>
  )
}
