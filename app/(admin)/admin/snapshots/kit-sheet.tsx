'use client'

import { type FormEvent, useEffect, useRef, useState } from 'react'
import { Field } from '#app/_components/field.tsx'
import { Notice } from '#app/_components/notice.tsx'
import { productName } from '#app/_components/product-name.ts'
import { QrCode } from '#app/_components/qr-code.tsx'
import { smallButton } from '#app/_components/small-button.ts'
import { useAction } from '#app/_components/use-action.ts'
import { languages } from '#app/_i18n/language.ts'
import { useLanguage } from '#app/_i18n/language-provider.tsx'
import { snapshots } from '#app/_i18n/snapshots.ts'
import { useWords } from '#app/_i18n/use-words.ts'
import type { Kit } from '#app/_server/snapshots.ts'
import { confirmKit } from './actions.ts'

type Props = { kit: Kit; hostname: string; from: string | null; onClose: () => void }

/** The kit as it is printed (`print-sheet` in globals.css), and the question that makes it count. */
export function KitSheet({ kit: { key, keyId }, hostname, from, onClose }: Props) {
  const { kit: words } = useWords(snapshots)
  const { locale } = languages[useLanguage()]
  const heading = useRef<HTMLHeadingElement>(null)
  const { busy, run } = useAction()
  const [trouble, setTrouble] = useState<string | null>(null)

  useEffect(() => heading.current?.focus(), [])

  function confirm(event: FormEvent<HTMLFormElement>) {
    event.preventDefault()
    const form = new FormData(event.currentTarget)
    setTrouble(null)
    const own = { 'input.invalid': words.wrong, not_found: words.late } as const
    run({ action: () => confirmKit(form), done: words.counts, own }, onClose, setTrouble)
  }

  return (
    <>
      <div className="print-sheet mt-4 rounded-xl border border-edge p-4 sm:p-5">
        <h3 ref={heading} tabIndex={-1} className="font-semibold outline-none">
          {productName}: {words.sheet}
        </h3>
        <p className="mt-1 print:hidden">{words.once}</p>
        <dl className="mt-3 grid grid-cols-[auto_minmax(0,1fr)] gap-x-4 text-sm">
          <dt className="text-soft">{words.server}</dt>
          <dd className="break-all">{hostname}</dd>
          <dt className="text-soft">{words.place}</dt>
          <dd className="break-all">{from ?? words.nowhere}</dd>
          <dt className="text-soft">{words.date}</dt>
          <dd>{new Intl.DateTimeFormat(locale, { dateStyle: 'long' }).format(new Date())}</dd>
          <dt className="text-soft">{words.id}</dt>
          <dd className="font-mono">{keyId}</dd>
        </dl>
        <p data-testid="recovery-key" className="mt-4 flex flex-wrap font-mono text-lg">
          {key.split('-').map((group, at, all) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: groups may repeat and never move
            <span key={at}>
              {group}
              {at < all.length - 1 ? '-' : ''}
            </span>
          ))}
        </p>
        <div className="mt-4">
          <QrCode text={key} label={words.qr} />
        </div>
        <p className="mt-4 text-sm">{words.whoever}</p>
        <p className="mt-2 text-sm">{words.how}</p>
        <pre className="mt-1 whitespace-pre-wrap break-all rounded-lg bg-line p-2 text-sm">
          hearthkeep restore --from {from ?? words.foldFrom}
        </pre>
        <p className="mt-1 text-sm [overflow-wrap:anywhere]">{words.asks}</p>
        <div className="mt-5 print:hidden">
          <button type="button" className={smallButton.main} onClick={() => window.print()}>
            {words.print}
          </button>
        </div>
      </div>
      <form method="dialog" onSubmit={confirm} className="max-w-md">
        <Field
          id="kit-end"
          name="typed"
          type="text"
          label={words.check}
          hint={words.checkHint}
          autoComplete="off"
          autoCapitalize="characters"
          spellCheck={false}
          maxLength={60}
          required
        />
        {trouble ? <Notice>{trouble}</Notice> : null}
        <div className="mt-4 flex flex-wrap gap-3">
          <button type="submit" className={smallButton.main} disabled={busy} aria-busy={busy}>
            {words.confirm}
          </button>
          <button type="button" className={smallButton.quiet} onClick={onClose}>
            {words.discard}
          </button>
        </div>
      </form>
    </>
  )
}
