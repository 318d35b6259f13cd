'use client'

import { type FormEvent, type ReactNode, useId, useRef, useState } from 'react'
import { shell } from '#app/_i18n/shell.ts'
import { useWords } from '#app/_i18n/use-words.ts'
import type { Outcome } from '#app/_server/outcome.ts'
import { Notice } from './notice.tsx'
import { smallButton } from './small-button.ts'
import { useAction } from './use-action.ts'
import type { OwnWords } from './words-of-problem.ts'

type Props = {
  /** On the button that asks, and on the one that does it. */
  words: string
  /** For screen readers, where the words alone do not say which one. */
  label?: string
  heading: string
  look?: keyof typeof smallButton
  /** Fields, or what is about to happen. */
  children: ReactNode
  /** What is wrong with the fields, before anything is sent; null when nothing is. */
  check?: (form: FormData) => string | null
  action: (form: FormData) => Promise<Outcome<unknown>>
  /** Said once it worked. */
  done: string
  /** On the button that does it, when not `words`. */
  confirm?: string
  /** Words for what may go wrong, instead of the general ones. */
  own?: OwnWords
  onDone?: () => void
  /** Below the form: another way to go on from here, which may ask a question of its own. */
  below?: ReactNode
}

/**
 * A button with a dialog of its own in between. What goes wrong is said in the dialog: the rest of the page is out of
 * reach behind it. Fields are as new each time, so that nothing typed stays in the page.
 */
export function AskFirst({
  words,
  label,
  heading,
  look = 'bad',
  children,
  check,
  action,
  done,
  confirm = words,
  own,
  onDone,
  below,
}: Props) {
  const { cancel } = useWords(shell)
  const dialog = useRef<HTMLDialogElement>(null)
  const { busy, run } = useAction()
  const [trouble, setTrouble] = useState<string | null>(null)
  const id = useId()

  function submit(event: FormEvent<HTMLFormElement>) {
    event.preventDefault()
    const form = new FormData(event.currentTarget)
    const fault = check?.(form) ?? null
    setTrouble(fault)
    if (fault !== null) return
    const finish = () => {
      dialog.current?.close()
      onDone?.()
    }
    run({ action: () => action(form), done, ...(own ? { own } : {}) }, finish, setTrouble)
  }

  function renew() {
    dialog.current?.querySelector('form')?.reset()
    setTrouble(null)
  }

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
        onClose={(event) => event.target === event.currentTarget && renew()}
        className="m-auto w-[min(28rem,calc(100vw-2rem))] rounded-2xl border border-line bg-card p-6 text-ink backdrop:bg-black/50"
      >
        <form method="dialog" onSubmit={submit}>
          <h2 id={id} className="break-words text-lg font-semibold">
            {heading}
          </h2>
          <div className="mt-2">{children}</div>
          {trouble ? <Notice>{trouble}</Notice> : null}
          <div className="mt-6 flex flex-wrap justify-end gap-3">
            <button type="button" className={smallButton.quiet} onClick={() => dialog.current?.close()}>
              {cancel}
            </button>
            <button
              type="submit"
              className={smallButton[look === 'bad' ? 'bad' : 'main']}
              disabled={busy}
              aria-busy={busy}
            >
              {confirm}
            </button>
          </div>
        </form>
        {below ? <div className="mt-6 border-t border-line pt-5">{below}</div> : null}
      </dialog>
    </>
  )
}
