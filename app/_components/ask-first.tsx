'use client'

import { type ReactNode, useId, useRef } from 'react'
import { shell } from '#app/_i18n/shell.ts'
import { useWords } from '#app/_i18n/use-words.ts'
import type { Outcome } from '#app/_server/outcome.ts'
import { smallButton } from './small-button.ts'
import { useAction } from './use-action.ts'

type Props = {
  /** On the button that asks, and on the one that does it. */
  words: string
  /** For screen readers, where the words alone do not say which one. */
  label?: string
  heading: string
  look?: keyof typeof smallButton
  /** Fields, or what is about to happen. */
  children: ReactNode
  action: (form: FormData) => Promise<Outcome<unknown>>
  /** Said once it worked. */
  done: string
  /** On the button that does it, when not `words`. */
  confirm?: string
}

/** A button with a dialog of its own in between. */
export function AskFirst({ words, label, heading, look = 'bad', children, action, done, confirm = words }: Props) {
  const { cancel } = useWords(shell)
  const dialog = useRef<HTMLDialogElement>(null)
  const { busy, run } = useAction()
  const id = useId()
  return (
    <>
      <button
        type="button"
        className={smallButton[look]}
        aria-label={label}
        onClick={() => dialog.current?.showModal()}
      >
        {words}
      </button>
      <dialog
        ref={dialog}
        aria-labelledby={id}
        className="m-auto w-[min(28rem,calc(100vw-2rem))] rounded-2xl border border-line bg-card p-6 text-ink backdrop:bg-black/50"
      >
        <form
          onSubmit={(event) => {
            event.preventDefault()
            const form = new FormData(event.currentTarget)
            run({ action: () => action(form), done }, () => dialog.current?.close())
          }}
        >
          <h2 id={id} className="break-words text-lg font-semibold">
            {heading}
          </h2>
          <div className="mt-2">{children}</div>
          <div className="mt-6 flex flex-wrap justify-end gap-3">
            <button type="button" className={smallButton.quiet} onClick={() => dialog.current?.close()}>
              {cancel}
            </button>
            <button type="submit" className={smallButton[look]} disabled={busy} aria-busy={busy}>
              {confirm}
            </button>
          </div>
        </form>
      </dialog>
    </>
  )
}
