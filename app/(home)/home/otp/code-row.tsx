'use client'

import { useEffect, useRef } from 'react'
import { otp } from '#app/_i18n/otp.ts'
import { useWords } from '#app/_i18n/use-words.ts'
import type { OpenedOtp } from '#app/_server/otp.ts'
import { generateCode } from '#client/surfaces/otp/generate-code.ts'
import type { Totp } from '#client/surfaces/otp/otp.ts'
import { partLabel, readStored } from '#client/surfaces/otp/stored-otp.ts'
import { BigCode } from './big-code.tsx'
import { CopyButton } from './copy-button.tsx'
import { Countdown } from './countdown.tsx'
import { EditCode } from './edit-code.tsx'
import { NextCode } from './next-code.tsx'

type Props = {
  code: OpenedOtp
  /** Milliseconds. */
  now: number
  opened: { deviceId: number; password: string }
  /** Added just now. */
  isFresh: boolean
  /** It is brought into sight. */
  isFirstFresh: boolean
  /** The code of a counter that was just used up. */
  shown: string | null
  onNext: (next: { id: number; shown: string; codes: OpenedOtp[] }) => void
  onRename: (account: string) => void
  onRemove: () => void
}

/** One account: whose it is, the code of this moment, and what can be done with it. */
export function CodeRow({ code, now, opened, isFresh, isFirstFresh, shown, onNext, onRename, onRemove }: Props) {
  const words = useWords(otp).list
  const row = useRef<HTMLLIElement>(null)
  const { account, secret } = code
  const { issuer, name } = partLabel(account)
  const read = secret === null ? null : readStored({ account, secret })
  useEffect(() => {
    if (isFirstFresh) row.current?.scrollIntoView({ block: 'nearest' })
  }, [isFirstFresh])

  return (
    <li
      ref={row}
      className={`scroll-my-24 py-3 ${isFresh ? '-mx-3 rounded-lg bg-paper px-3' : ''} flex flex-wrap items-center gap-x-3 gap-y-2 sm:gap-x-4`}
    >
      <div className="min-w-0 flex-1 basis-40">
        <p className="break-words font-medium">{issuer || name}</p>
        {issuer && name ? <p className="break-words text-sm text-soft">{name}</p> : null}
        {read === null ? <p className="text-sm text-soft">{secret === null ? words.damaged : words.text}</p> : null}
      </div>
      {read?.type === 'totp' ? <LiveCode otp={read} now={now} /> : null}
      {read?.type === 'hotp' ? <NextCode code={code} opened={opened} shown={shown} onNext={onNext} /> : null}
      <div className="ml-auto flex gap-2">
        {read?.type === 'totp' ? (
          <CopyButton label={account} text={() => generateCode(read, Date.now()).code} />
        ) : read === null && secret !== null ? (
          <CopyButton label={account} text={() => secret} />
        ) : null}
        <EditCode code={code} onRename={onRename} onRemove={onRemove} />
      </div>
    </li>
  )
}

function LiveCode({ otp: totp, now }: { otp: Totp; now: number }) {
  const { code, secondsLeft } = generateCode(totp, now)
  return (
    <span className="flex items-center gap-2 sm:gap-3">
      <BigCode code={code} />
      <Countdown left={secondsLeft ?? 0} of={totp.period} />
    </span>
  )
}
