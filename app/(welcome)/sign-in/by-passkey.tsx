'use client'

import { browserSupportsWebAuthnAutofill } from '@simplewebauthn/browser'
import { useCallback, useEffect, useState } from 'react'
import { Button } from '#app/_components/button.tsx'
import { Notice } from '#app/_components/notice.tsx'
import { PasskeyTroubleWords } from '#app/_components/passkey-trouble.tsx'
import { ceremonyTrouble, type PasskeyTrouble, presentPasskey, stopWaiting } from '#app/_crypto/passkey-ceremony.ts'
import { signIn as area } from '#app/_i18n/sign-in.ts'
import { useWords } from '#app/_i18n/use-words.ts'
import type { Outcome } from '#app/_server/outcome.ts'
import { askPasskey, signInByPasskey } from './actions.ts'
import { troubleWords } from './trouble-words.ts'

type Props = { obstacle: PasskeyTrouble | null; elsewhere: string | null; onIn: () => void }

type Failure = Extract<Outcome, { ok: false }>
type Trouble = { why: PasskeyTrouble } | { words: string }

/** A button, and meanwhile the offer to pick a passkey in the name field (conditional UI). */
export function ByPasskey({ obstacle, elsewhere, onIn }: Props) {
  const words = useWords(area)
  const [busy, setBusy] = useState(false)
  const [trouble, setTrouble] = useState<Trouble | null>(null)

  const fail = useCallback(
    (failure: Failure) => setTrouble({ words: troubleWords(words.trouble, failure, words.trouble.refusedPasskey) }),
    [words],
  )

  const signIn = useCallback(
    async (autofill: boolean) => {
      try {
        const request = await askPasskey()
        if (!request.ok) return autofill ? undefined : fail(request)
        const answer = await presentPasskey(request.value, { autofill })
        const entered = await signInByPasskey(answer)
        if (entered.ok) onIn()
        else fail(entered)
      } catch (error) {
        const why = ceremonyTrouble(error)
        // An offer that nobody took up is no trouble.
        if (why !== null && !autofill) setTrouble(isOffline(error) ? { words: words.trouble.offline } : { why })
      }
    },
    [onIn, fail, words],
  )

  useEffect(() => {
    if (obstacle !== null) return
    let gone = false
    browserSupportsWebAuthnAutofill().then((able) => {
      if (able && !gone) void signIn(true)
    })
    return () => {
      gone = true
      stopWaiting()
    }
  }, [obstacle, signIn])

  async function press() {
    setBusy(true)
    setTrouble(null)
    await signIn(false)
    setBusy(false)
  }

  if (obstacle !== null)
    return (
      <p className="mt-3 text-sm text-soft">
        <PasskeyTroubleWords why={obstacle} elsewhere={elsewhere} />
      </p>
    )
  return (
    <>
      <Button type="button" className="mt-6!" disabled={busy} onClick={press}>
        {busy ? words.passkeyBusy : words.passkey}
      </Button>
      {trouble ? (
        <Notice>
          {'why' in trouble ? <PasskeyTroubleWords why={trouble.why} elsewhere={elsewhere} /> : trouble.words}
        </Notice>
      ) : null}
      <p aria-hidden="true" className="mt-6 flex items-center gap-3 text-sm text-soft">
        <span className="h-px flex-1 bg-line" />
        {words.or}
        <span className="h-px flex-1 bg-line" />
      </p>
    </>
  )
}

/** An action that did not arrive is a TypeError of `fetch`; ceremonies have errors of their own. */
function isOffline(error: unknown): boolean {
  return error instanceof TypeError
}
