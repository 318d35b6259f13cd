'use client'

import { useCallback, useEffect, useState } from 'react'
import type { connect } from '#app/_i18n/connect.ts'

const askEvery = 3_000

type Props = { address: string; words: (typeof connect)['en']['check'] }

/** Asks the https address from this device, again and again until it trusts it. */
export function TrustCheck({ address, words }: Props) {
  const [trusted, setTrusted] = useState<boolean | null>(null)
  const ask = useCallback(async () => setTrusted(await isTrusted(address)), [address])

  useEffect(() => {
    if (trusted) return
    if (trusted === null) void ask()
    const timer = setInterval(() => {
      if (document.visibilityState === 'visible') void ask()
    }, askEvery)
    return () => clearInterval(timer)
  }, [ask, trusted])

  return (
    <div className={`mt-5 rounded-xl border px-4 py-3 ${trusted ? 'border-good text-good' : 'border-line text-soft'}`}>
      <p role="status">{trusted === null ? words.checking : trusted ? words.trusted : words.untrusted}</p>
      {trusted ? (
        <a className="mt-1 inline-block font-medium underline underline-offset-4" href={address}>
          {words.open}
        </a>
      ) : (
        <button type="button" className="mt-1 font-medium text-ember underline underline-offset-4" onClick={ask}>
          {words.again}
        </button>
      )}
    </div>
  )
}

/** A browser that does not trust the certificate fails the request before anything is sent. */
async function isTrusted(address: string): Promise<boolean> {
  try {
    const answer = await fetch(`${address}/connect/check`, { cache: 'no-store', credentials: 'omit' })
    return answer.ok
  } catch {
    return false
  }
}
