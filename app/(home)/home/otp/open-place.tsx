'use client'

import { useEffect, useId, useRef, useState } from 'react'
import { Card } from '#app/_components/card.tsx'
import { Field } from '#app/_components/field.tsx'
import { smallButton } from '#app/_components/small-button.ts'
import { otp } from '#app/_i18n/otp.ts'
import { useWords } from '#app/_i18n/use-words.ts'
import type { OpenedOtp, OtpPlace } from '#app/_server/otp.ts'
import { AddCodes } from './add-codes.tsx'
import { CodeRow } from './code-row.tsx'
import { ExportCodes } from './export-codes.tsx'
import { Fold } from './fold.tsx'
import { ManagePlace } from './manage-place.tsx'
import { useNameOf } from './use-otp-trouble.ts'
import { useSeconds } from './use-seconds.ts'

/** Fewer than this are found at a glance. */
const worthSearching = 6

type Props = {
  place: OtpPlace
  pin: string
  codes: OpenedOtp[]
  onChange: (codes: OpenedOtp[]) => void
  onClose: () => void
}

/** Live codes, and what can be done with them. */
export function OpenPlace({ place, pin, codes, onChange, onClose }: Props) {
  const words = useWords(otp)
  const nameOf = useNameOf()
  const id = useId()
  const now = useSeconds()
  const heading = useRef<HTMLSpanElement>(null)
  const [wanted, setWanted] = useState('')
  const [fresh, setFresh] = useState<ReadonlySet<number>>(new Set())
  const [used, setUsed] = useState<{ id: number; shown: string } | null>(null)
  // The form that was in use is gone; whoever reads by ear or keyboard goes on here.
  useEffect(() => heading.current?.focus(), [])

  const sorted = codes.toSorted((a, b) => a.account.localeCompare(b.account))
  const shown = sorted.filter(({ account }) => account.toLowerCase().includes(wanted.trim().toLowerCase()))
  const firstFresh = shown.find((code) => fresh.has(code.id))?.id
  const opened = { deviceId: place.id, password: pin }

  function added(after: OpenedOtp[]) {
    const before = new Set(codes.map((code) => code.id))
    setFresh(new Set(after.flatMap((code) => (before.has(code.id) ? [] : [code.id]))))
    setWanted('')
    onChange(after)
  }

  return (
    <>
      <Card
        id={`${id}-codes`}
        heading={
          <span ref={heading} tabIndex={-1} className="outline-none">
            {nameOf(place)}
          </span>
        }
        end={
          <button type="button" className={smallButton.quiet} onClick={onClose}>
            {words.list.close}
          </button>
        }
      >
        {codes.length >= worthSearching ? (
          <Field
            id={`${id}-search`}
            type="search"
            label={words.list.search}
            value={wanted}
            onChange={(event) => setWanted(event.target.value)}
            autoComplete="off"
          />
        ) : null}
        <p role="status" className={shown.length === 0 ? 'mt-3 text-soft' : 'sr-only'}>
          {codes.length === 0 ? words.list.none : shown.length === 0 ? words.list.noMatch : ''}
        </p>
        <ul className="mt-2 divide-y divide-line">
          {shown.map((code) => (
            <CodeRow
              key={code.id}
              code={code}
              now={now}
              opened={opened}
              isFresh={fresh.has(code.id)}
              isFirstFresh={code.id === firstFresh}
              shown={used?.id === code.id ? used.shown : null}
              onNext={({ codes: after, ...next }) => {
                setUsed(next)
                onChange(after)
              }}
              onRename={(account) => onChange(codes.map((one) => (one.id === code.id ? { ...one, account } : one)))}
              onRemove={() => onChange(codes.filter((one) => one.id !== code.id))}
            />
          ))}
        </ul>
      </Card>
      <Fold heading={words.add.heading} isOpen={codes.length === 0}>
        <AddCodes opened={opened} codes={codes} onAdded={added} />
      </Fold>
      {codes.length > 0 ? (
        <Fold heading={words.export.heading}>
          <ExportCodes codes={codes} />
        </Fold>
      ) : null}
      <Fold heading={words.manage.heading}>
        <ManagePlace place={place} onPinChanged={onClose} />
      </Fold>
    </>
  )
}
