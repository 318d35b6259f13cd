'use client'

import { useEffect, useRef, useState } from 'react'
import { reset } from '#app/_i18n/reset.ts'
import { useWords } from '#app/_i18n/use-words.ts'
import { AskForLink } from './ask-for-link.tsx'
import { ChoosePassword } from './choose-password.tsx'

type Step = 'ask' | 'sent' | 'choose' | 'done' | 'gone'

type Props = { name: string; code: string; hasMail: boolean }

/** The steps of a reset, one at a time; each says its heading to screen readers when it appears. */
export function ResetPassword({ name, code, hasMail }: Props) {
  const words = useWords(reset)
  const [step, setStep] = useState<Step>(name && code ? 'choose' : 'ask')
  const heading = useRef<HTMLHeadingElement>(null)
  const shown = useRef(step)

  // The code must not stay in the address bar, the history or a Referer (personas §7.14).
  useEffect(() => {
    if (window.location.search) window.history.replaceState(null, '', window.location.pathname)
  }, [])

  useEffect(() => {
    if (shown.current !== step) heading.current?.focus()
    shown.current = step
  }, [step])

  return (
    <>
      <h1 ref={heading} tabIndex={-1} className="text-2xl font-semibold tracking-tight outline-none">
        {words[step].heading}
      </h1>
      {step === 'ask' ? <AskForLink name={name} hasMail={hasMail} onSent={() => setStep('sent')} /> : null}
      {step === 'sent' ? (
        <>
          <p className="mt-3">{words.sent.lead}</p>
          <p className="mt-3 text-soft">{words.sent.again}</p>
          <Again words={words.sent.askAgain} onClick={() => setStep('ask')} />
        </>
      ) : null}
      {step === 'choose' ? (
        <ChoosePassword name={name} code={code} onDone={() => setStep('done')} onGone={() => setStep('gone')} />
      ) : null}
      {step === 'done' ? <p className="mt-3">{words.done.lead}</p> : null}
      {step === 'gone' ? (
        <>
          <p className="mt-3">{words.gone.lead}</p>
          <Again words={words.gone.another} onClick={() => setStep('ask')} />
        </>
      ) : null}
      <p className="mt-6">
        <a className="font-medium text-ember underline underline-offset-4" href="/sign-in">
          {words.back}
        </a>
      </p>
    </>
  )
}

function Again({ words, onClick }: { words: string; onClick: () => void }) {
  return (
    <button type="button" onClick={onClick} className="mt-6 font-medium text-ember underline underline-offset-4">
      {words}
    </button>
  )
}
