'use client'

import { useTransition } from 'react'
import { AskFirst } from '#app/_components/ask-first.tsx'
import { smallButton } from '#app/_components/small-button.ts'
import { useSay } from '#app/_components/toasts.tsx'
import { otp } from '#app/_i18n/en/otp.ts'
import type { OpenedOtp } from '#app/_server/otp.ts'
import { afterUse, generateCode } from '#client/surfaces/otp/generate-code.ts'
import type { Totp } from '#client/surfaces/otp/otp.ts'
import { partLabel, readStored, toStored } from '#client/surfaces/otp/stored-otp.ts'
import { removeCode, useCounter as storeNextCounter } from './actions.ts'
import { Countdown } from './countdown.tsx'
import { otpTrouble } from './otp-trouble.ts'

const words = otp.list

type Props = {
  code: OpenedOtp
  now: number
  opened: { deviceId: number; password: string }
  onChange: (codes: OpenedOtp[]) => void
  onRemove: () => void
}

/** One account: whose it is, the code of this moment, and what can be done with it. */
export function CodeRow({ code, now, opened, onChange, onRemove }: Props) {
  const { id, account, secret } = code
  const { issuer, name } = partLabel(account)
  const read = secret === null ? null : readStored({ account, secret })
  return (
    <li className="flex flex-wrap items-center gap-x-4 gap-y-2 py-3">
      <div className="min-w-0 flex-1 basis-40">
        <p className="break-words font-medium">{issuer || name}</p>
        {issuer && name ? <p className="break-words text-sm text-soft">{name}</p> : null}
      </div>
      {read?.type === 'totp' ? <LiveCode otp={read} now={now} /> : null}
      {read?.type === 'hotp' ? <CounterCode code={code} opened={opened} onChange={onChange} /> : null}
      {read === null ? <span className="text-sm text-soft">{secret === null ? words.damaged : words.text}</span> : null}
      <div className="flex gap-2">
        {read?.type === 'totp' ? (
          <Copy label={account} text={() => generateCode(read, Date.now()).code} />
        ) : read === null && secret !== null ? (
          <Copy label={account} text={() => secret} />
        ) : null}
        <AskFirst
          words={words.remove}
          label={words.removeOf(account)}
          heading={words.removeHeading(account)}
          action={async () => {
            const outcome = await removeCode(id)
            if (outcome.ok) onRemove()
            return outcome
          }}
          done={words.removed}
        >
          <p>{words.removeText}</p>
        </AskFirst>
      </div>
    </li>
  )
}

function LiveCode({ otp: totp, now }: { otp: Totp; now: number }) {
  const { code, secondsLeft } = generateCode(totp, now)
  return (
    <span className="flex items-center gap-3">
      <output className="font-mono text-xl tabular-nums tracking-wider">{inGroups(code)}</output>
      <Countdown left={secondsLeft ?? 0} of={totp.period} />
    </span>
  )
}

/** A code that counts: it is used up by being shown, so it is shown only when asked for. */
function CounterCode({ code, opened, onChange }: Pick<Props, 'code' | 'opened' | 'onChange'>) {
  const say = useSay()
  const [busy, start] = useTransition()

  function next() {
    const read = code.secret === null ? null : readStored({ account: code.account, secret: code.secret })
    const after = read && afterUse(read)
    if (!after) return
    start(async () => {
      const stored = { account: code.account, secret: toStored(after).secret }
      const outcome = await storeNextCounter(opened, code.id, stored).catch(() => null)
      const trouble = otpTrouble(outcome)
      if (trouble !== null) return say({ words: trouble, isBad: true })
      // The row goes with its old number, so the code is said below.
      say({ words: `${code.account}: ${inGroups(generateCode(read, Date.now()).code)}`, isBad: false, stays: true })
      if (outcome?.ok) onChange(outcome.value)
    })
  }

  return (
    <button
      type="button"
      className={smallButton.quiet}
      aria-label={words.nextOf(code.account)}
      disabled={busy}
      onClick={next}
    >
      {words.next}
    </button>
  )
}

function Copy({ label, text }: { label: string; text: () => string }) {
  const say = useSay()
  async function copy() {
    try {
      await navigator.clipboard.writeText(text())
      say({ words: words.copied, isBad: false })
    } catch {
      say({ words: words.copyFailed, isBad: true })
    }
  }
  return (
    <button type="button" className={smallButton.main} aria-label={words.copyOf(label)} onClick={copy}>
      {words.copy}
    </button>
  )
}

/** `123456` → `123 456`, easier to read off and type. */
function inGroups(code: string): string {
  const half = Math.ceil(code.length / 2)
  return `${code.slice(0, half)} ${code.slice(half)}`
}
