'use client'

import { type ReactNode, useState } from 'react'
import { Field } from '#app/_components/field.tsx'
import { otp } from '#app/_i18n/otp.ts'
import { useWords } from '#app/_i18n/use-words.ts'
import { algorithms, defaults } from '#client/surfaces/otp/otp.ts'

const kinds = ['totp', 'hotp'] as const

/** What a site says besides the key, once in a hundred times. */
export function SeldomSettings() {
  const words = useWords(otp).type
  const [kind, setKind] = useState<(typeof kinds)[number]>('totp')
  return (
    <details className="mt-5">
      <summary className="w-fit cursor-pointer rounded text-sm font-medium">{words.more}</summary>
      <p className="mt-1 text-sm text-soft">{words.moreHint}</p>
      <Choose
        id="otp-kind"
        name="kind"
        label={words.kind}
        onChange={(value) => setKind(value === 'hotp' ? 'hotp' : 'totp')}
      >
        {kinds.map((one) => (
          <option key={one} value={one}>
            {words.kinds[one]}
          </option>
        ))}
      </Choose>
      {kind === 'totp' ? (
        <Field
          id="otp-period"
          name="period"
          label={words.period}
          inputMode="numeric"
          defaultValue={String(defaults.period)}
        />
      ) : (
        <Field id="otp-counter" name="counter" label={words.counter} inputMode="numeric" defaultValue="0" />
      )}
      <div className="grid gap-x-4 sm:grid-cols-2">
        <Choose id="otp-digits" name="digits" label={words.digits}>
          {['6', '7', '8'].map((digits) => (
            <option key={digits}>{digits}</option>
          ))}
        </Choose>
        <Choose id="otp-algorithm" name="algorithm" label={words.algorithm}>
          {algorithms.map((algorithm) => (
            <option key={algorithm}>{algorithm}</option>
          ))}
        </Choose>
      </div>
    </details>
  )
}

type ChooseProps = { id: string; name: string; label: string; onChange?: (value: string) => void; children: ReactNode }

/** A labelled list to choose one of; it begins with the first. */
export function Choose({ id, name, label, onChange, children }: ChooseProps) {
  return (
    <div className="mt-5">
      <label htmlFor={id} className="block font-medium">
        {label}
      </label>
      <select
        id={id}
        name={name}
        onChange={(event) => onChange?.(event.target.value)}
        className="mt-1.5 w-full rounded-xl border border-edge bg-card px-3.5 py-2.5 outline-none focus-visible:border-ember focus-visible:ring-2 focus-visible:ring-ember"
      >
        {children}
      </select>
    </div>
  )
}
