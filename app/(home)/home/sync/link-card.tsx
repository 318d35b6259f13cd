'use client'

import { useRouter } from 'next/navigation'
import { useEffect, useRef, useState } from 'react'
import { Card } from '#app/_components/card.tsx'
import { Notice } from '#app/_components/notice.tsx'
import { smallButton } from '#app/_components/small-button.ts'
import { useSay } from '#app/_components/toasts.tsx'
import { useProblemWords } from '#app/_components/words-of-problem.ts'
import { languages } from '#app/_i18n/language.ts'
import { useLanguage } from '#app/_i18n/language-provider.tsx'
import { shell } from '#app/_i18n/shell.ts'
import { sync } from '#app/_i18n/sync.ts'
import { useWords } from '#app/_i18n/use-words.ts'
import { type LinkCode, makeLinkCode } from './actions.ts'

const lookEvery = 3_000

/** Makes a code for the app that has the key, and notices when it was used. @param keys  how many there are */
export function LinkCard({ keys }: { keys: number }) {
  const words = useWords(sync).link
  const say = useSay()
  const router = useRouter()
  const { outcome: general } = useWords(shell)
  const wordsOfProblem = useProblemWords()
  const [busy, setBusy] = useState(false)
  const [trouble, setTrouble] = useState<string | null>(null)
  const [shown, setShown] = useState<(LinkCode & { keysBefore: number }) | null>(null)

  async function make() {
    setBusy(true)
    setTrouble(null)
    try {
      const outcome = await makeLinkCode()
      if (outcome.ok) setShown({ ...outcome.value, keysBefore: keys })
      else setTrouble(wordsOfProblem(outcome))
    } catch {
      setTrouble(general.offline)
    }
    setBusy(false)
  }

  const isUsed = shown !== null && keys > shown.keysBefore
  useEffect(() => {
    if (!isUsed) return
    setShown(null)
    say({ words: words.linked, isBad: false })
  }, [isUsed, say, words])

  const isWaiting = shown !== null
  useEffect(() => {
    if (!isWaiting) return
    const timer = setInterval(() => router.refresh(), lookEvery)
    return () => clearInterval(timer)
  }, [isWaiting, router])

  return (
    <Card id="link" heading={words.heading}>
      <p className="mt-2 max-w-prose text-soft">{words.lead}</p>
      {shown && !isUsed ? (
        <ShownCode code={shown} onClose={() => setShown(null)} />
      ) : (
        <button type="button" className={`${smallButton.main} mt-4`} disabled={busy} aria-busy={busy} onClick={make}>
          {busy ? words.making : words.make}
        </button>
      )}
      {trouble ? <Notice>{trouble}</Notice> : null}
    </Card>
  )
}

function ShownCode({ code: { code, expiresAt }, onClose }: { code: LinkCode; onClose: () => void }) {
  const words = useWords(sync).link
  const language = useLanguage()
  const heading = useRef<HTMLParagraphElement>(null)
  const [said, setSaid] = useState('')
  const line = `hearthkeep sync link ${code} --server ${window.location.origin}`
  const until = new Intl.DateTimeFormat(languages[language].locale, { timeStyle: 'short' }).format(expiresAt)

  useEffect(() => heading.current?.focus(), [])

  async function copy() {
    try {
      await navigator.clipboard.writeText(line)
      setSaid(words.copied)
    } catch {
      setSaid(words.notCopied)
    }
  }

  return (
    <div className="mt-4 rounded-xl border border-edge p-4 sm:p-5">
      <p ref={heading} tabIndex={-1} className="text-sm text-soft outline-none">
        {words.code}
      </p>
      <p className="font-mono text-2xl font-semibold tracking-wider">{code}</p>
      <p className="mt-1 text-sm text-soft">
        {words.until} {until}. {words.waiting}
      </p>
      <p className="mt-4">{words.app}</p>
      <p className="mt-3">{words.line}</p>
      <code className="mt-1 block break-all text-sm text-ember">{line}</code>
      <div className="mt-4 flex flex-wrap gap-3">
        <button type="button" className={smallButton.quiet} onClick={copy}>
          {words.copy}
        </button>
        <button type="button" className={smallButton.quiet} onClick={onClose}>
          {words.close}
        </button>
      </div>
      <p aria-live="polite" className="mt-2 min-h-6 text-sm text-soft">
        {said}
      </p>
    </div>
  )
}
