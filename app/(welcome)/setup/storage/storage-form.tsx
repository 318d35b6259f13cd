'use client'

import { type FormEvent, useState } from 'react'
import { Button } from '#app/_components/button.tsx'
import { Notice } from '#app/_components/notice.tsx'
import type { ChosenStorage } from '#app/_server/setup.ts'
import { keepStorage } from '#app/(welcome)/setup/actions.ts'
import { Choice, Choices } from '#app/(welcome)/setup/choice.tsx'
import { useS3Fields } from '#app/(welcome)/setup/s3-fields.tsx'
import { useSetup } from '#app/(welcome)/setup/use-setup.ts'
import { SelfTest } from './self-test.tsx'

const next = '/setup/mail'

/** @param place  in use now. @param folder  of this machine */
export function StorageForm({ kind: now, place, folder }: { kind: 'disk' | 's3'; place: string; folder: string }) {
  const { words, busy, trouble, answer } = useSetup()
  const { storage } = words
  const [kind, setKind] = useState(now)
  const [tried, setTried] = useState<ChosenStorage | null>(null)
  const { fields, s3 } = useS3Fields()

  async function submit(event: FormEvent<HTMLFormElement>) {
    event.preventDefault()
    setTried(null)
    const outcome = await answer(() => keepStorage(kind === 'disk' ? null : s3), kind === 'disk' ? next : null)
    if (outcome && kind === 's3') setTried(outcome.value)
  }

  if (tried?.isChosen)
    return (
      <>
        <SelfTest steps={tried.steps} />
        <a
          className="mt-7 inline-flex w-full items-center justify-center rounded-xl bg-ember px-5 py-3 font-semibold text-ember-ink hover:opacity-90"
          href={next}
        >
          {words.go}
        </a>
      </>
    )
  return (
    <form onSubmit={submit}>
      {now === 's3' ? <p className="mt-5 break-words text-good">{storage.now(place)}</p> : null}
      <Choices legend={storage.heading}>
        <Choice
          name="kind"
          value="disk"
          label={storage.disk.label}
          text={storage.disk.text(folder)}
          checked={kind === 'disk'}
          onChange={() => setKind('disk')}
        />
        <Choice
          name="kind"
          value="s3"
          label={storage.s3.label}
          text={storage.s3.text}
          checked={kind === 's3'}
          onChange={() => setKind('s3')}
        >
          {fields}
        </Choice>
      </Choices>
      {tried ? (
        <>
          <Notice>
            {tried.refusal ? storage.refusals[tried.refusal] : storage.refused} {tried.detail}
          </Notice>
          <SelfTest steps={tried.steps} />
        </>
      ) : null}
      {trouble ? <Notice>{trouble}</Notice> : null}
      <Button disabled={busy}>{kind === 'disk' ? words.go : busy ? storage.testing : storage.test}</Button>
    </form>
  )
}
