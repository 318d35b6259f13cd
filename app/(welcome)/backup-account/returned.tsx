'use client'

import { useEffect } from 'react'
import { type AccountAnswer, type AccountWish, accountChannel } from '#app/_crypto/account-window.ts'
import { backupAccount } from '#app/_i18n/backup-account.ts'
import { useWords } from '#app/_i18n/use-words.ts'

/** Hands what came back to the page that asked, and does what that wants next. */
export function Returned() {
  const words = useWords(backupAccount)
  useEffect(() => {
    const answer = new URLSearchParams(window.location.hash.slice(1))
    const state = answer.get('state')
    // The token stays in no history.
    window.history.replaceState(null, '', window.location.pathname)
    if (state === null) return
    const channel = new BroadcastChannel(accountChannel)
    channel.onmessage = ({ data }: MessageEvent<AccountWish>) => {
      if (data.state !== state || !('go' in data)) return
      if (data.go === null) window.close()
      else window.location.assign(data.go)
    }
    channel.postMessage({ state, idToken: answer.get('id_token') } satisfies AccountAnswer)
    return () => channel.close()
  }, [])
  return (
    <>
      <h1 className="text-2xl font-semibold">{words.heading}</h1>
      <p className="mt-2 text-soft">{words.text}</p>
    </>
  )
}
