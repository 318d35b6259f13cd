'use client'

import { useEffect, useId, useState } from 'react'
import { Card } from '#app/_components/card.tsx'
import { Field } from '#app/_components/field.tsx'
import { smallButton } from '#app/_components/small-button.ts'
import { otp } from '#app/_i18n/en/otp.ts'
import type { OpenedOtp } from '#app/_server/otp.ts'
import { AddCode } from './add-code.tsx'
import { CodeRow } from './code-row.tsx'
import type { Unlocked } from './codes.tsx'
import { ImportCodes } from './import-codes.tsx'
import { nameOf } from './otp-trouble.ts'

const words = otp.list
/** Fewer than this are found at a glance. */
const worthSearching = 6

type Props = { unlocked: Unlocked; onChange: (codes: OpenedOtp[]) => void; onLock: () => void }

/** Live codes, and ways to add more. */
export function OpenPlace({ unlocked, onChange, onLock }: Props) {
  const { place, pin, codes } = unlocked
  const id = useId()
  const now = useSeconds()
  const [wanted, setWanted] = useState('')
  const sorted = codes.toSorted((a, b) => a.account.localeCompare(b.account))
  const shown = sorted.filter(({ account }) => account.toLowerCase().includes(wanted.trim().toLowerCase()))
  const opened = { deviceId: place.id, password: pin }
  return (
    <>
      <Card
        id={`${id}-codes`}
        heading={nameOf(place)}
        end={
          <button type="button" className={smallButton.quiet} onClick={onLock}>
            {words.lock}
          </button>
        }
      >
        {codes.length >= worthSearching ? (
          <Field
            id={`${id}-search`}
            type="search"
            label={words.search}
            value={wanted}
            onChange={(event) => setWanted(event.target.value)}
            autoComplete="off"
          />
        ) : null}
        {shown.length === 0 ? (
          <p className="mt-3 text-soft">{codes.length === 0 ? words.none : words.noMatch}</p>
        ) : (
          <ul className="mt-2 divide-y divide-line">
            {shown.map((code) => (
              <CodeRow
                key={code.id}
                code={code}
                now={now}
                opened={opened}
                onChange={onChange}
                onRemove={() => onChange(codes.filter((one) => one.id !== code.id))}
              />
            ))}
          </ul>
        )}
      </Card>
      <AddCode opened={opened} onChange={onChange} />
      <ImportCodes opened={opened} onChange={onChange} />
    </>
  )
}

/** The time, every second. */
function useSeconds(): number {
  const [now, setNow] = useState(() => Date.now())
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), 1000)
    return () => clearInterval(timer)
  }, [])
  return now
}
