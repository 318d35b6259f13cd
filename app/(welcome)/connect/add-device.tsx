'use client'

import { useEffect, useRef, useState } from 'react'
import { CopyButton } from '#app/_components/copy-button.tsx'
import { useGuard } from '#app/_components/guard.tsx'
import { Notice } from '#app/_components/notice.tsx'
import { QrCode } from '#app/_components/qr-code.tsx'
import { smallButton } from '#app/_components/small-button.ts'
import { useZonedDate } from '#app/_components/use-zoned-date.ts'
import { useProblemWords } from '#app/_components/words-of-problem.ts'
import { connect } from '#app/_i18n/connect.ts'
import { shell } from '#app/_i18n/shell.ts'
import { useWords } from '#app/_i18n/use-words.ts'
import type { Outcome } from '#app/_server/outcome.ts'
import type { PairingToShow } from '#app/_server/pairing.ts'
import { makeInvitingCode, makePairingCode } from './actions.ts'

/** Makes the code that another device scans, for who is signed in. */
export function AddDevice({ isAdmin }: { isAdmin: boolean }) {
  const words = useWords(connect).pair
  const { outcome: general } = useWords(shell)
  const wordsOfProblem = useProblemWords()
  const guard = useGuard()
  const [busy, setBusy] = useState(false)
  const [invites, setInvites] = useState(false)
  const [trouble, setTrouble] = useState<string | null>(null)
  const [shown, setShown] = useState<(PairingToShow & { invites: boolean }) | null>(null)

  async function make() {
    setBusy(true)
    setTrouble(null)
    setShown(null)
    try {
      const outcome: Outcome<PairingToShow> = await (invites ? guard(makeInvitingCode) : makePairingCode())
      if (outcome.ok) setShown({ ...outcome.value, invites })
      else setTrouble(wordsOfProblem(outcome, words.troubles))
    } catch {
      setTrouble(general.offline)
    }
    setBusy(false)
  }

  return (
    <>
      <p className="mt-2 text-soft">{words.lead}</p>
      {isAdmin ? (
        <label className="mt-4 flex items-start gap-3">
          <input
            type="checkbox"
            className="mt-1 size-4 accent-ember"
            checked={invites}
            disabled={busy}
            onChange={(event) => setInvites(event.target.checked)}
          />
          <span>
            {words.invite}
            <span className="block text-sm text-soft">{words.inviteHint}</span>
          </span>
        </label>
      ) : null}
      <button type="button" className={`${smallButton.main} mt-4`} disabled={busy} aria-busy={busy} onClick={make}>
        {busy ? words.making : shown ? words.another : words.make}
      </button>
      {trouble ? <Notice>{trouble}</Notice> : null}
      {shown ? <ShownCode key={shown.code} shown={shown} onOver={() => setShown(null)} /> : null}
    </>
  )
}

type ShownProps = { shown: PairingToShow & { invites: boolean }; onOver: () => void }

function ShownCode({ shown: { code, link, expiresAt, invites }, onOver }: ShownProps) {
  const words = useWords(connect).pair
  const { copy, copied } = useWords(connect).apps
  const heading = useRef<HTMLHeadingElement>(null)
  const until = useZonedDate(expiresAt, { timeStyle: 'short' })

  useEffect(() => heading.current?.focus(), [])
  useEffect(() => {
    const timer = setTimeout(onOver, Math.max(0, expiresAt - Date.now()))
    return () => clearTimeout(timer)
  }, [expiresAt, onOver])

  return (
    <div className="mt-5 rounded-xl border border-edge p-4 sm:p-5">
      <h3 ref={heading} tabIndex={-1} className="font-medium outline-none">
        {words.scan}
      </h3>
      <div className="mt-3 [&_svg]:size-56">
        <QrCode text={link} label={words.qr} />
      </div>
      <p className="mt-3 text-sm text-soft">
        {words.until(until)} {invites ? words.invited : words.signsNobodyIn}
      </p>
      <div className="mt-4 flex items-center justify-between gap-3">
        <span className="font-medium">{words.link}</span>
        <CopyButton text={link} words={{ copy, copied }} label={words.copyLink} />
      </div>
      <p className="mt-4 text-soft">{words.typed}</p>
      <p className="mt-1 font-mono text-2xl font-semibold tracking-wider">{code}</p>
      <code className="mt-1 block break-all text-sm text-ember">hearthkeep pair --with {code}</code>
    </div>
  )
}
