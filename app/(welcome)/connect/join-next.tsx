'use client'

import { useEffect, useState } from 'react'
import { connect } from '#app/_i18n/connect.ts'
import { useWords } from '#app/_i18n/use-words.ts'

/** The way on for somebody who came by a code that invites them. @param address  of this server, encrypted */
export function JoinNext({ address }: { address: string }) {
  const words = useWords(connect).join
  const [code, setCode] = useState<string | null>(null)

  useEffect(() => {
    const read = () => setCode(readInvitation(window.location.hash))
    read()
    window.addEventListener('hashchange', read)
    return () => window.removeEventListener('hashchange', read)
  }, [])

  if (code === null) return null
  return (
    <section aria-labelledby="join" className="mt-8 rounded-2xl border border-ember bg-card p-6">
      <h2 id="join" className="text-lg font-semibold">
        {words.heading}
      </h2>
      <p className="mt-2 text-soft">{words.lead}</p>
      <a
        className="mt-4 inline-block rounded-xl bg-ember px-4 py-2 font-semibold text-ember-ink hover:opacity-90"
        href={`${address}/join/${code}`}
      >
        {words.link}
      </a>
    </section>
  )
}

/** From behind the `#`, which no server is shown; anybody may have written it. */
function readInvitation(hash: string): string | null {
  const code = new URLSearchParams(hash.slice(1)).get('join')
  return code !== null && /^[0-9A-Z-]{8,40}$/.test(code) ? code : null
}
