'use client'

import { useRouter } from 'next/navigation'
import { useEffect, useState } from 'react'
import { useGuard } from '#app/_components/guard.tsx'
import { Notice } from '#app/_components/notice.tsx'
import { PasskeyTroubleWords } from '#app/_components/passkey-trouble.tsx'
import { smallButton } from '#app/_components/small-button.ts'
import { useSay } from '#app/_components/toasts.tsx'
import { useProblemWords } from '#app/_components/words-of-problem.ts'
import { ceremonyTrouble, makePasskey, type PasskeyTrouble, passkeyObstacle } from '#app/_crypto/passkey-ceremony.ts'
import { security } from '#app/_i18n/security.ts'
import { shell } from '#app/_i18n/shell.ts'
import { useWords } from '#app/_i18n/use-words.ts'
import { enrolPasskey, startEnrolment } from './actions.ts'

type Props = {
  rpId: string | null
  elsewhere: string | null
  /** Another page, once it is added. */
  goesOnTo?: string | null
}

type Trouble = { why: PasskeyTrouble } | { words: string }

/** The button that makes a passkey, or why that cannot be done on this page. */
export function AddPasskey({ rpId, elsewhere, goesOnTo = null }: Props) {
  const words = useWords(security).passkeys
  const { outcome: general } = useWords(shell)
  const wordsOfProblem = useProblemWords()
  const guard = useGuard()
  const say = useSay()
  const router = useRouter()
  const [obstacle, setObstacle] = useState<PasskeyTrouble | null>(rpId === null ? 'address' : null)
  const [busy, setBusy] = useState(false)
  const [trouble, setTrouble] = useState<Trouble | null>(null)

  // What the browser can do is known in the browser alone.
  useEffect(() => setObstacle(passkeyObstacle(rpId)), [rpId])

  async function add() {
    const request = await guard(startEnrolment)
    if (!request.ok) return setTrouble({ words: wordsOfProblem(request) })
    const added = await enrolPasskey(await makePasskey(request.value))
    if (!added.ok) return setTrouble({ words: wordsOfProblem(added) })
    say({ words: words.added(added.value), isBad: false })
    if (goesOnTo !== null) window.location.assign(goesOnTo)
    else router.refresh()
  }

  async function press() {
    setBusy(true)
    setTrouble(null)
    try {
      await add()
    } catch (error) {
      const why = ceremonyTrouble(error)
      if (error instanceof TypeError) setTrouble({ words: general.offline })
      else if (why !== null) setTrouble({ why })
    }
    setBusy(false)
  }

  if (obstacle !== null)
    return (
      <p className="text-sm text-soft">
        <PasskeyTroubleWords why={obstacle} elsewhere={elsewhere} />
      </p>
    )
  return (
    <>
      <button type="button" className={smallButton.main} disabled={busy} aria-busy={busy} onClick={press}>
        {busy ? words.adding : words.add}
      </button>
      {trouble ? (
        <Notice>
          {'why' in trouble ? <PasskeyTroubleWords why={trouble.why} elsewhere={elsewhere} /> : trouble.words}
        </Notice>
      ) : null}
    </>
  )
}
