'use client'

import { type ReactNode, useId, useRef } from 'react'
import { smallButton } from '#app/_components/small-button.ts'
import { useSay } from '#app/_components/toasts.tsx'
import { shell } from '#app/_i18n/shell.ts'
import { useWords } from '#app/_i18n/use-words.ts'
import { useWork } from './trouble.tsx'

type Props = {
  /** On the button that asks, and on the one that does it. */
  words: string
  /** For screen readers, where the words alone do not say which one. */
  label?: string
  heading: string
  /** What is about to happen. */
  children: ReactNode
  /** Null when it must not be done; the dialog then says why. */
  work: (() => Promise<unknown>) | null
  /** Said once it worked. */
  done: string
}

/** As `AskFirst`, for what this browser does by its own keys. */
export function AskWork({ words, label, heading, children, work, done }: Props) {
  const { cancel } = useWords(shell)
  const dialog = useRef<HTMLDialogElement>(null)
  const id = useId()
  const say = useSay()
  const { busy, run, notice } = useWork()

  async function confirm() {
    if (!work || !(await run(work))) return
    dialog.current?.close()
    say({ words: done, isBad: false })
  }

  return (
    <>
      <button type="button" className={smallButton.bad} aria-label={label} onClick={() => dialog.current?.showModal()}>
        {words}
      </button>
      <dialog
        ref={dialog}
        aria-labelledby={id}
        className="m-auto w-[min(28rem,calc(100vw-2rem))] rounded-2xl border border-line bg-card p-6 text-ink backdrop:bg-black/50"
      >
        <h2 id={id} className="break-words text-lg font-semibold">
          {heading}
        </h2>
        <div className="mt-2 grid gap-2">{children}</div>
        {notice}
        <div className="mt-6 flex flex-wrap justify-end gap-3">
          <button type="button" className={smallButton.quiet} onClick={() => dialog.current?.close()}>
            {cancel}
          </button>
          {work ? (
            <button type="button" className={smallButton.bad} disabled={busy} aria-busy={busy} onClick={confirm}>
              {words}
            </button>
          ) : null}
        </div>
      </dialog>
    </>
  )
}
