'use client'

import { type FormEvent, type ReactNode, useEffect, useRef } from 'react'
import { Button } from '#app/_components/button.tsx'
import { CodeField } from '#app/_components/code-field.tsx'
import { Notice } from '#app/_components/notice.tsx'
import type { SetupView } from '#app/_server/setup.ts'
import { claim as claimServer } from './actions.ts'
import { useSetup } from './use-setup.ts'

type Props = {
  claim: SetupView['claim']
  /** The screen to go on with. */
  next: string
}

/** The code, once a browser; then one of two ways. */
export function ClaimForm({ claim, next }: Props) {
  const { words, busy, trouble, answer } = useSetup()
  const code = useRef<HTMLInputElement>(null)
  const isYours = claim === 'yours'

  // The address in the terminal has the code behind the `#`, which browsers send to nobody.
  useEffect(() => {
    const given = decodeURIComponent(window.location.hash.slice(1))
    if (given === '' || !code.current) return
    code.current.value = given.slice(0, 100)
    window.history.replaceState(null, '', window.location.pathname)
  }, [])

  function submit(event: FormEvent<HTMLFormElement>) {
    event.preventDefault()
    const { submitter } = event.nativeEvent as SubmitEvent
    const way = submitter?.getAttribute('value') === 'restore' ? '/setup/restore' : next
    if (isYours) return window.location.assign(way)
    void answer(() => claimServer(code.current?.value.trim() ?? ''), way)
  }

  const { fresh, restore } = words.claim
  return (
    <form method="dialog" onSubmit={submit}>
      {claim === 'another’s' ? <Notice>{words.claim.taken}</Notice> : null}
      {isYours ? (
        <p className="mt-5 text-good">{words.claim.yours}</p>
      ) : (
        <CodeField label={words.claim.code} hint={words.claim.codeHint} groups={3} ref={code} />
      )}
      {trouble ? <Notice>{trouble}</Notice> : null}
      <div className="mt-7 grid grid-cols-1 gap-4 sm:grid-cols-2">
        <Way heading={fresh.heading} text={fresh.text}>
          <Button value="new" disabled={busy} className="mt-4">
            {busy ? words.busy : isYours ? fresh.again : fresh.submit}
          </Button>
        </Way>
        <Way heading={restore.heading} text={restore.text}>
          <Button value="restore" disabled={busy} className="mt-4">
            {busy ? words.busy : restore.submit}
          </Button>
        </Way>
      </div>
    </form>
  )
}

function Way({ heading, text, children }: { heading: string; text: string; children: ReactNode }) {
  return (
    <div className="flex flex-col justify-between rounded-xl border border-edge p-4">
      <div>
        <h2 className="font-semibold">{heading}</h2>
        <p className="mt-1 text-sm text-soft">{text}</p>
      </div>
      {children}
    </div>
  )
}
