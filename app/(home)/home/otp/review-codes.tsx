'use client'

import { useEffect, useId, useRef, useState, useTransition } from 'react'
import { Notice } from '#app/_components/notice.tsx'
import { smallButton } from '#app/_components/small-button.ts'
import { useSay } from '#app/_components/toasts.tsx'
import { otp } from '#app/_i18n/otp.ts'
import { useWords } from '#app/_i18n/use-words.ts'
import type { OpenedOtp } from '#app/_server/otp.ts'
import { partLabel, type StoredOtp } from '#client/surfaces/otp/stored-otp.ts'
import { addCodes } from './actions.ts'
import { type Double, findDoubles } from './compare-codes.ts'
import type { Found } from './gathered.ts'
import { LeftOut } from './left-out.tsx'
import { useOtpTrouble } from './use-otp-trouble.ts'

/** One request holds this many; they have to fit into what a server action takes. */
const batch = 100

type Props = {
  found: Found
  here: OpenedOtp[]
  opened: { deviceId: number; password: string }
  onAdded: (codes: OpenedOtp[]) => void
  /** All is added, or nothing is wanted. */
  onEnd: () => void
}

/** What was found, before any of it is stored; what is here already is not chosen by itself. */
export function ReviewCodes({ found, here, opened, onAdded, onEnd }: Props) {
  const words = useWords(otp).review
  const say = useSay()
  const troubleOf = useOtpTrouble()
  const id = useId()
  const heading = useRef<HTMLHeadingElement>(null)
  const [busy, start] = useTransition()
  const [added, setAdded] = useState<number | null>(null)
  const [trouble, setTrouble] = useState<string | null>(null)
  /** Where somebody decided otherwise than we would; by place in the list, which only grows. */
  const [decided, setDecided] = useState<ReadonlyMap<number, boolean>>(new Map())
  const { otps, skipped, missing } = found
  const kept = here.flatMap(({ account, secret }) => (secret === null ? [] : [{ account, secret }]))
  const doubles = findDoubles(otps, kept)
  const isChosen = (at: number) => decided.get(at) ?? doubles[at] === null
  const chosen = otps.filter((_, at) => isChosen(at))
  const count = otps.length
  // biome-ignore lint/correctness/useExhaustiveDependencies: whenever more was found, it is told
  useEffect(() => heading.current?.focus(), [count])

  function add() {
    setTrouble(null)
    start(async () => {
      for (let at = 0; at < chosen.length; at += batch) {
        setAdded(at)
        const outcome = await addCodes(opened, chosen.slice(at, at + batch)).catch(() => null)
        if (!outcome?.ok) {
          // What was stored before is marked as here already; nothing is stored twice by trying again.
          setDecided(new Map())
          setAdded(null)
          return setTrouble(troubleOf(outcome))
        }
        onAdded(outcome.value)
      }
      say({ words: words.added(chosen.length), isBad: false })
      onEnd()
    })
  }

  return (
    <section aria-labelledby={id} className="mt-6">
      <h3 ref={heading} id={id} tabIndex={-1} className="font-semibold outline-none">
        {words.heading(count)}
      </h3>
      {missing.map(({ parts, size }) => (
        <p key={size} role="status" className="mt-2 rounded-xl border border-edge px-4 py-3">
          {words.missing(parts, size)}
        </p>
      ))}
      {count > 0 ? <p className="mt-1 text-sm text-soft">{words.lead}</p> : null}
      <ul className="mt-2 divide-y divide-line">
        {otps.map((stored, at) => (
          <Choice
            // biome-ignore lint/suspicious/noArrayIndexKey: the list only grows, and two may be alike
            key={at}
            stored={stored}
            double={doubles[at] ?? null}
            isChosen={isChosen(at)}
            onChoose={(is) => setDecided((before) => new Map(before).set(at, is))}
          />
        ))}
      </ul>
      <LeftOut skipped={skipped} />
      {trouble ? <Notice>{trouble}</Notice> : null}
      <div className="mt-5 flex flex-wrap gap-3">
        <button
          type="button"
          className={smallButton.main}
          disabled={busy || chosen.length === 0}
          aria-busy={busy}
          onClick={add}
        >
          {busy && added !== null ? words.adding(added, chosen.length) : words.add(chosen.length)}
        </button>
        <button type="button" className={smallButton.quiet} disabled={busy} onClick={onEnd}>
          {words.cancel}
        </button>
      </div>
    </section>
  )
}

type ChoiceProps = {
  stored: StoredOtp
  double: Double | null
  isChosen: boolean
  onChoose: (is: boolean) => void
}

function Choice({ stored, double, isChosen, onChoose }: ChoiceProps) {
  const words = useWords(otp).review
  const { issuer, name } = partLabel(stored.account)
  return (
    <li>
      <label className="flex cursor-pointer items-center gap-3 py-2.5">
        <input
          type="checkbox"
          className="size-4 shrink-0 accent-ember"
          checked={isChosen}
          onChange={(event) => onChoose(event.target.checked)}
        />
        <span className="min-w-0">
          <span className="block break-words font-medium">{issuer || name}</span>
          {issuer && name ? <span className="block break-words text-sm text-soft">{name}</span> : null}
          {double ? (
            <span className="block break-words text-sm text-ember">
              {double.kind === 'here' ? words.here(double.account) : words.twice}
            </span>
          ) : null}
        </span>
      </label>
    </li>
  )
}
