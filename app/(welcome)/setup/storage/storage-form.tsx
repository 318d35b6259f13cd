'use client'

import { type FormEvent, useState } from 'react'
import { Button } from '#app/_components/button.tsx'
import { Notice } from '#app/_components/notice.tsx'
import { placeFields } from '#app/_i18n/place-fields.ts'
import { useWords } from '#app/_i18n/use-words.ts'
import type { ChosenStorage } from '#app/_server/setup.ts'
import { PlaceFields } from '#app/(admin)/admin/place-fields.tsx'
import { TriedPlace } from '#app/(admin)/admin/tried-place.tsx'
import { keepStorage } from '#app/(welcome)/setup/actions.ts'
import { Choice, Choices } from '#app/(welcome)/setup/choice.tsx'
import { GoOn } from '#app/(welcome)/setup/setup-frame-parts.tsx'
import { useSetup } from '#app/(welcome)/setup/use-setup.ts'

type Props = {
  /** Whether objects lie in the data folder now. */
  isOwn: boolean
  /** In use now. */
  place: string
  /** Of the data. */
  folder: string
}

const next = '/setup/mail'

export function StorageForm({ isOwn, place, folder }: Props) {
  const { words, busy, trouble, answer } = useSetup()
  const { storage } = words
  const { folderHint } = useWords(placeFields)
  const [here, setHere] = useState(isOwn)
  const [tried, setTried] = useState<ChosenStorage | null>(null)

  async function submit(event: FormEvent<HTMLFormElement>) {
    event.preventDefault()
    const form = new FormData(event.currentTarget)
    setTried(null)
    const outcome = await answer(() => keepStorage(here ? null : form), here ? next : null)
    if (outcome && !here) setTried(outcome.value)
  }

  if (tried?.isChosen)
    return (
      <>
        <TriedPlace tried={tried} />
        <GoOn href={next}>{words.go}</GoOn>
      </>
    )
  return (
    <form method="dialog" onSubmit={submit}>
      {isOwn ? null : <p className="mt-5 break-words text-good">{storage.now(place)}</p>}
      <Choices legend={storage.where}>
        <Choice
          name="where"
          value="here"
          label={storage.here.label}
          text={storage.here.text(folder)}
          checked={here}
          onChange={() => setHere(true)}
        />
        <Choice
          name="where"
          value="elsewhere"
          label={storage.elsewhere.label}
          text={storage.elsewhere.text}
          checked={!here}
          onChange={() => setHere(false)}
        >
          <PlaceFields id="store" chosen={null} folderHint={folderHint} />
        </Choice>
      </Choices>
      {tried ? <TriedPlace tried={tried} /> : null}
      {trouble ? <Notice>{trouble}</Notice> : null}
      <Button disabled={busy}>{here ? words.go : busy ? storage.testing : storage.test}</Button>
    </form>
  )
}
