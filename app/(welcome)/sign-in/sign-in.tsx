'use client'

import { useEffect, useRef, useState } from 'react'
import { type PasskeyTrouble, passkeyObstacle } from '#app/_crypto/passkey-ceremony.ts'
import { signIn as area } from '#app/_i18n/sign-in.ts'
import { useWords } from '#app/_i18n/use-words.ts'
import { ByPasskey } from './by-passkey.tsx'
import { ByPassword } from './by-password.tsx'
import { ByRecoveryCode } from './by-recovery-code.tsx'

type Props = {
  /** Where to go afterwards. */
  next: string
  /** The name that passkeys are for on this page; null when they cannot work here. */
  rpId: string | null
  /** This page under an address where they work. */
  elsewhere: string | null
  /** Who may make an account here. */
  policy: 'open' | 'invite' | 'closed'
}

/** The ways in. Name and what came of the last try stay when somebody takes another. */
export function SignIn({ next, rpId, elsewhere, policy }: Props) {
  const words = useWords(area)
  const [way, setWay] = useState<'usual' | 'recovery'>('usual')
  const [name, setName] = useState('')
  const [obstacle, setObstacle] = useState<PasskeyTrouble | null>(rpId === null ? 'address' : null)
  const heading = useRef<HTMLHeadingElement>(null)
  const shown = useRef(way)

  // What the browser can do is known in the browser alone.
  useEffect(() => setObstacle(passkeyObstacle(rpId)), [rpId])

  useEffect(() => {
    if (shown.current !== way) heading.current?.focus()
    shown.current = way
  }, [way])

  // A whole new page: nothing that was made for strangers may stay in the router's memory.
  const enter = () => window.location.assign(next)
  return (
    <>
      <h1 ref={heading} tabIndex={-1} className="text-2xl font-semibold tracking-tight outline-none">
        {way === 'usual' ? words.heading : words.recovery.heading}
      </h1>
      {way === 'usual' ? (
        <>
          <ByPasskey obstacle={obstacle} elsewhere={elsewhere} onIn={enter} />
          <ByPassword name={name} onName={setName} isFirst={obstacle !== null} onIn={enter} />
          <p className="mt-6 flex flex-wrap justify-between gap-x-6 gap-y-2">
            <a className="font-medium text-ember underline underline-offset-4" href="/password/reset.html">
              {words.forgot}
            </a>
            <button
              type="button"
              className="font-medium text-ember underline underline-offset-4"
              onClick={() => setWay('recovery')}
            >
              {words.lost}
            </button>
          </p>
          <p className="mt-6 border-t border-line pt-5">
            {words.join.ask}{' '}
            {policy === 'closed' ? (
              words.join.closed
            ) : (
              <a className="font-medium text-ember underline underline-offset-4" href="/join">
                {words.join[policy]}
              </a>
            )}
          </p>
        </>
      ) : (
        <ByRecoveryCode name={name} onName={setName} onIn={enter} onBack={() => setWay('usual')} />
      )}
    </>
  )
}
