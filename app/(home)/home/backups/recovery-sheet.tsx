'use client'

import { useEffect, useRef } from 'react'
import { encode } from 'uqr'
import { smallButton } from '#app/_components/small-button.ts'
import { backups } from '#app/_i18n/backups.ts'
import { useWords } from '#app/_i18n/use-words.ts'
import { saveFile } from './save-file.ts'

type Props = { name: string; backupId: string; text: string; onSaved: () => void }

/** A recovery key, to be saved or printed; on paper it stands alone (`print-sheet` in globals.css). */
export function RecoverySheet({ name, backupId, text, onSaved }: Props) {
  const words = useWords(backups).recovery
  const heading = useRef<HTMLHeadingElement>(null)
  useEffect(() => heading.current?.focus(), [])
  return (
    <div className="print-sheet mt-5 rounded-xl border border-edge p-4 sm:p-5">
      <h3 ref={heading} tabIndex={-1} className="font-semibold outline-none">
        <span className="print:hidden">{words.heading}</span>
        <span className="hidden print:inline">{words.sheet}</span>
      </h3>
      <p className="mt-1">{words.lead}</p>
      <div className="hidden print:block">
        <p className="mt-1">{words.how}</p>
        <dl className="mt-3 grid grid-cols-[auto_1fr] gap-x-4 text-sm">
          <dt>{words.of}</dt>
          <dd>{name}</dd>
          <dt>{words.number}</dt>
          <dd className="break-all">{backupId}</dd>
          <dt>{words.server}</dt>
          <dd>{globalThis.location?.origin}</dd>
        </dl>
        <Picture text={text} />
        <pre className="mt-3 whitespace-pre-wrap break-all text-xs">{text}</pre>
      </div>
      <div className="mt-4 flex flex-wrap gap-3 print:hidden">
        <button
          type="button"
          className={smallButton.main}
          onClick={() => {
            saveFile(words.file(name), text, 'text/plain')
            onSaved()
          }}
        >
          {words.download}
        </button>
        <button
          type="button"
          className={smallButton.quiet}
          onClick={() => {
            window.print()
            onSaved()
          }}
        >
          {words.print}
        </button>
      </div>
    </div>
  )
}

/** The text as a QR code, drawn by attributes alone. */
function Picture({ text }: { text: string }) {
  const { data, size } = encode(text, { ecc: 'L' })
  const path = data.flatMap((line, y) => line.map((isDark, x) => (isDark ? `M${x} ${y}h1v1h-1z` : ''))).join('')
  return (
    <svg viewBox={`0 0 ${size} ${size}`} width="320" height="320" aria-hidden="true" className="mt-4 block">
      <rect width={size} height={size} fill="#ffffff" />
      <path d={path} fill="#000000" />
    </svg>
  )
}
