'use client'

import { lazy, type ReactNode, Suspense, useEffect, useRef, useState } from 'react'
import { CopyButton } from '#app/_components/copy-button.tsx'
import { smallButton } from '#app/_components/small-button.ts'
import { people } from '#app/_i18n/people.ts'
import { useWords } from '#app/_i18n/use-words.ts'

const QrCode = lazy(() => import('#app/_components/qr-code.tsx').then((module) => ({ default: module.QrCode })))

type Props = {
  heading: string
  /** What to know before handing it over. */
  lead: string
  link: string
  /** A short code, for those who type. */
  code?: { text: string; at: string }
  /** Words to send along, the link among them. */
  message: string
  onClose: () => void
  children?: ReactNode
}

/** A link that is shown once, as QR code, text and words to send; on paper it stands alone. */
export function Handout({ heading, lead, link, code, message, onClose, children }: Props) {
  const words = useWords(people).sheet
  const title = useRef<HTMLHeadingElement>(null)
  const [canShare, setCanShare] = useState(false)

  useEffect(() => {
    title.current?.focus()
    setCanShare(typeof navigator.share === 'function')
  }, [])

  return (
    <div className="print-sheet mt-4 rounded-xl border border-ember p-4 sm:p-5">
      <h3 ref={title} tabIndex={-1} className="break-words font-semibold outline-none">
        {heading}
      </h3>
      <p className="mt-1 max-w-prose">{lead}</p>
      <div className="mt-4 flex flex-wrap items-start gap-5">
        <div className="size-40 shrink-0 rounded-xl bg-white">
          <Suspense fallback={null}>
            <QrCode text={link} label={words.code} />
          </Suspense>
        </div>
        <div className="min-w-0 flex-1 basis-64">
          <p className="text-sm text-soft">{words.link}</p>
          <div className="mt-1 flex flex-wrap items-center gap-3">
            <p className="min-w-0 break-all font-mono text-sm">{link}</p>
            <span className="print:hidden">
              <CopyButton text={link} words={words} label={words.copyLink} />
            </span>
          </div>
          {code ? (
            <>
              <p className="mt-3 break-all text-sm text-soft">{words.typed(code.at)}</p>
              <p className="mt-1 font-mono text-lg tracking-wide">{code.text}</p>
            </>
          ) : null}
          {children}
        </div>
      </div>
      <div className="mt-4 print:hidden">
        <p className="text-sm text-soft">{words.words}</p>
        <p className="mt-1 whitespace-pre-line break-words rounded-lg border border-line px-3 py-2 text-sm">
          {message}
        </p>
        <div className="mt-4 flex flex-wrap gap-3">
          <CopyButton text={message} words={{ copy: words.copyWords, copied: words.copied }} label={words.copyWords} />
          {canShare ? (
            <button
              type="button"
              className={smallButton.quiet}
              onClick={() => navigator.share({ text: message }).catch(() => {})}
            >
              {words.share}
            </button>
          ) : null}
          <button type="button" className={smallButton.quiet} onClick={() => window.print()}>
            {words.print}
          </button>
          <button type="button" className={smallButton.main} onClick={onClose}>
            {words.close}
          </button>
        </div>
      </div>
    </div>
  )
}
