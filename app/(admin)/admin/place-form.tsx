'use client'

import { type FormEvent, type ReactNode, useState, useTransition } from 'react'
import { useGuard } from '#app/_components/guard.tsx'
import { Notice } from '#app/_components/notice.tsx'
import { smallButton } from '#app/_components/small-button.ts'
import { useSay } from '#app/_components/toasts.tsx'
import { type OwnWords, useProblemWords } from '#app/_components/words-of-problem.ts'
import { placeFields } from '#app/_i18n/place-fields.ts'
import { shell } from '#app/_i18n/shell.ts'
import { useWords } from '#app/_i18n/use-words.ts'
import type { Outcome } from '#app/_server/outcome.ts'
import { type ChosenPlace, PlaceFields } from './place-fields.tsx'
import { type Tried, TriedPlace } from './tried-place.tsx'

type Props<T extends Tried> = {
  id: string
  chosen: ChosenPlace | null
  folderHint: string
  /** Says how the place does, and changes nothing. */
  test: (form: FormData) => Promise<Outcome<Tried>>
  /** On the button that takes the place. */
  words: string
  take: (form: FormData) => Promise<Outcome<T>>
  /** What to say when it was taken; null when it was not, which the table tells. */
  saidOf: (tried: T) => string | null
  own?: OwnWords
  /** Further fields. */
  children?: ReactNode
}

/** A place is typed in, tested, and taken; what the test found stands below. */
export function PlaceForm<T extends Tried>({
  id,
  chosen,
  folderHint,
  test,
  words,
  take,
  saidOf,
  own,
  children,
}: Props<T>) {
  const general = useWords(placeFields)
  const { outcome: offline } = useWords(shell)
  const wordsOfProblem = useProblemWords()
  const guard = useGuard()
  const say = useSay()
  const [busy, start] = useTransition()
  const [tried, setTried] = useState<Tried | null>(null)
  const [trouble, setTrouble] = useState<string | null>(null)

  function submit(event: FormEvent<HTMLFormElement>) {
    event.preventDefault()
    const { submitter } = event.nativeEvent as SubmitEvent
    const isTest = submitter instanceof HTMLButtonElement && submitter.value === 'test'
    const form = new FormData(event.currentTarget)
    setTrouble(null)
    setTried(null)
    start(async () => {
      try {
        if (isTest) return show(await guard(() => test(form)))
        const outcome = await guard(() => take(form))
        const said = outcome.ok ? saidOf(outcome.value) : null
        if (said === null) return show(outcome)
        say({ words: said, isBad: false })
      } catch {
        setTrouble(offline.offline)
      }
    })
  }

  function show(outcome: Outcome<Tried>) {
    if (outcome.ok) setTried(outcome.value)
    else setTrouble(wordsOfProblem(outcome, own))
  }

  return (
    <form method="dialog" onSubmit={submit} className="max-w-2xl">
      <PlaceFields id={id} chosen={chosen} folderHint={folderHint} />
      {children}
      <div className="mt-6 flex flex-wrap gap-3">
        <button type="submit" name="do" value="test" className={smallButton.quiet} disabled={busy} aria-busy={busy}>
          {general.test}
        </button>
        <button type="submit" name="do" value="take" className={smallButton.main} disabled={busy}>
          {words}
        </button>
        <span aria-live="polite" className="self-center text-sm text-soft">
          {busy ? general.testing : ''}
        </span>
      </div>
      {trouble ? <Notice>{trouble}</Notice> : null}
      {tried ? <TriedPlace tried={tried} /> : null}
    </form>
  )
}
