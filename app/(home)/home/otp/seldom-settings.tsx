'use client'

import { useState } from 'react'
import { Field } from '#app/_components/field.tsx'
import { Select } from '#app/_components/select.tsx'
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
      <Select
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
      </Select>
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
        <Select id="otp-digits" name="digits" label={words.digits}>
          {['6', '7', '8'].map((digits) => (
            <option key={digits}>{digits}</option>
          ))}
        </Select>
        <Select id="otp-algorithm" name="algorithm" label={words.algorithm}>
          {algorithms.map((algorithm) => (
            <option key={algorithm}>{algorithm}</option>
          ))}
        </Select>
      </div>
    </details>
  )
}
