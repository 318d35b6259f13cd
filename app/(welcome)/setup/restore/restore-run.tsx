'use client'

import { useCallback, useEffect, useState } from 'react'
import { Notice } from '#app/_components/notice.tsx'
import { smallButton } from '#app/_components/small-button.ts'
import { setup } from '#app/_i18n/setup.ts'
import { useWords } from '#app/_i18n/use-words.ts'
import type { RestoreProgress } from '#app/_server/setup.ts'
import { progressOfRestore } from '#app/(welcome)/setup/actions.ts'
import { restoreTrouble } from '#app/(welcome)/setup/use-setup.ts'

const askEvery = 1_000

type Props = {
  /** Null where the recovery key has to be entered anew. */
  onAccept: ((snapshot: string) => void) | null
  onAgain: ((snapshot: string) => void) | null
  onAnother: () => void
}

/** `progress` is null until the server has said something. */
type State = { progress: RestoreProgress | null; isBack: boolean }

/** How far it is; then what came back. The server ends and starts anew meanwhile, so questions may go unanswered. */
export function RestoreRun({ onAccept, onAgain, onAnother }: Props) {
  const words = useWords(setup)
  const { restore } = words
  const [{ progress, isBack }, setState] = useState<State>({ progress: null, isBack: false })
  const [asked, setAsked] = useState(0)
  const isOver = isBack || !['running', 'moving', undefined].includes(progress?.phase)

  const ask = useCallback(async () => {
    const outcome = await progressOfRestore().catch(() => null)
    if (outcome === null) return
    if (outcome.ok) setState({ progress: outcome.value, isBack: false })
    // Set-up is closed: it is the restored server that answers.
    else if (outcome.code === 'setup.closed') setState((before) => ({ ...before, isBack: true }))
    else if (outcome.code === 'setup.not_claimed') window.location.assign('/setup')
  }, [])

  // biome-ignore lint/correctness/useExhaustiveDependencies: each answer asks for the next
  useEffect(() => {
    if (isOver) return
    const timer = setTimeout(() => void ask().finally(() => setAsked((times) => times + 1)), asked === 0 ? 0 : askEvery)
    return () => clearTimeout(timer)
  }, [asked, isOver])

  const again = (go: (snapshot: string) => void, snapshot: string) => () => {
    setState({ progress: null, isBack: false })
    setAsked(0)
    go(snapshot)
  }

  /** The same snapshot once more, if there is one, or another. */
  const retry = (label: string, snapshot: string | null) => (
    <div className="mt-5 flex flex-wrap gap-3">
      {onAgain && snapshot !== null ? (
        <button type="button" className={smallButton.main} onClick={again(onAgain, snapshot)}>
          {label}
        </button>
      ) : null}
      <button type="button" className={smallButton.quiet} onClick={onAnother}>
        {restore.another}
      </button>
    </div>
  )

  if (isBack) return <Back restored={progress?.phase === 'moving' ? progress.restored : null} words={restore.back} />
  if (progress?.phase === 'idle' || progress?.phase === 'interrupted')
    return (
      <>
        <h2 className="mt-6 text-lg font-semibold">{restore.interrupted.heading}</h2>
        <p role="alert" className="mt-2">
          {restore.interrupted.text}
        </p>
        {retry(restore.interrupted.goOn, progress.phase === 'interrupted' ? progress.snapshot : null)}
      </>
    )
  if (progress?.phase === 'incomplete')
    return (
      <>
        <h2 className="mt-6 text-lg font-semibold">{restore.incomplete.heading}</h2>
        <Notice>{restore.incomplete.text(progress.losses.length)}</Notice>
        <div className="mt-5 flex flex-wrap gap-3">
          <button type="button" className={smallButton.main} onClick={onAnother}>
            {restore.another}
          </button>
          {onAccept ? (
            <button type="button" className={smallButton.bad} onClick={again(onAccept, progress.snapshot)}>
              {restore.incomplete.accept}
            </button>
          ) : null}
        </div>
      </>
    )
  if (progress?.phase === 'failed')
    return (
      <>
        <Notice>{restoreTrouble(restore.trouble, progress.code) ?? words.trouble.server}</Notice>
        {retry(restore.again, progress.snapshot)}
      </>
    )
  const { done, total } = progress?.phase === 'running' ? progress : { done: 0, total: 0 }
  const isMoving = progress?.phase === 'moving'
  return (
    <div className="mt-6">
      <p role="status" className="font-medium">
        {isMoving ? restore.moving : restore.running}
      </p>
      <progress
        className="mt-3 h-2 w-full accent-ember"
        aria-label={restore.running}
        {...(total > 0 && !isMoving ? { value: done, max: total } : {})}
      />
      <p className="mt-1 text-sm text-soft tabular-nums">{total > 0 ? restore.count(done, total) : '…'}</p>
      <p className="mt-4 text-sm text-soft">{restore.keepOpen}</p>
    </div>
  )
}

type Restored = Extract<RestoreProgress, { phase: 'moving' }>['restored']

function Back({ restored, words }: { restored: Restored | null; words: (typeof setup)['en']['restore']['back'] }) {
  return (
    <div className="mt-6" role="status">
      <h2 className="text-lg font-semibold text-good">{words.heading}</h2>
      {restored?.hostname ? <p className="mt-2">{words.named(restored.hostname)}</p> : null}
      {restored ? <p className="mt-2">{words.objects(restored.objects)}</p> : null}
      {restored && restored.losses.length > 0 ? (
        <p className="mt-2 text-bad">{words.losses(restored.losses.length)}</p>
      ) : null}
      {restored && restored.left.length > 0 ? (
        <>
          <p className="mt-4">{words.left}</p>
          <ul className="mt-1 list-disc pl-5">
            {restored.left.map((name) => (
              <li key={name}>
                <code className="break-all text-sm">{name}</code>
              </li>
            ))}
          </ul>
        </>
      ) : null}
      <a
        className="mt-7 inline-flex w-full items-center justify-center rounded-xl bg-ember px-5 py-3 font-semibold text-ember-ink hover:opacity-90"
        href="/sign-in"
      >
        {words.signIn}
      </a>
    </div>
  )
}
