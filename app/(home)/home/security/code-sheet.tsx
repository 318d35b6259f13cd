'use client'

import { useEffect, useRef, useState } from 'react'
import { productName } from '#app/_components/product-name.ts'
import { smallButton } from '#app/_components/small-button.ts'
import { security } from '#app/_i18n/security.ts'
import { useWords } from '#app/_i18n/use-words.ts'

type Props = { codes: string[]; name: string; onClose: () => void; level?: 2 | 3 }

/** The codes, to be printed or copied; on paper they stand alone (`print-sheet` in globals.css). */
export function CodeSheet({ codes, name, onClose, level = 3 }: Props) {
  const Heading = level === 2 ? 'h2' : 'h3'
  const words = useWords(security).recovery.sheet
  const heading = useRef<HTMLHeadingElement>(null)
  const [said, setSaid] = useState('')

  useEffect(() => heading.current?.focus(), [])

  async function copy() {
    try {
      await navigator.clipboard.writeText(codes.join('\n'))
      setSaid(words.copied)
    } catch {
      setSaid(words.notCopied)
    }
  }

  return (
    <div className="print-sheet mt-4 rounded-xl border border-edge p-4 sm:p-5">
      <Heading ref={heading} tabIndex={-1} className="font-semibold outline-none">
        {productName}: {words.heading}
      </Heading>
      <p className="mt-1">{words.once}</p>
      <p className="mt-1">{words.how}</p>
      <dl className="mt-3 grid grid-cols-[auto_1fr] gap-x-4 text-sm">
        <dt className="text-soft">{words.account}</dt>
        <dd className="break-all">{name}</dd>
        <dt className="text-soft">{words.server}</dt>
        <dd className="break-all">{window.location.origin}</dd>
      </dl>
      <ol className="mt-4 grid gap-x-8 gap-y-2 sm:grid-cols-2">
        {codes.map((code) => (
          <li key={code} className="whitespace-nowrap font-mono text-sm tracking-tight sm:text-base">
            {code}
          </li>
        ))}
      </ol>
      <div className="mt-5 flex flex-wrap gap-3 print:hidden">
        <button type="button" className={smallButton.main} onClick={() => window.print()}>
          {words.print}
        </button>
        <button type="button" className={smallButton.quiet} onClick={copy}>
          {words.copy}
        </button>
        <button type="button" className={smallButton.quiet} onClick={onClose}>
          {words.close}
        </button>
      </div>
      <p aria-live="polite" className="mt-2 min-h-6 text-sm text-soft print:hidden">
        {said}
      </p>
    </div>
  )
}
