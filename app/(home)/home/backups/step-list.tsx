'use client'

import { Icon } from '#app/_components/icon.tsx'
import { UsageBar } from '#app/_components/usage-bar.tsx'
import type { Step } from '#app/_crypto/sealed-backups.ts'
import { backups } from '#app/_i18n/backups.ts'
import { useWords } from '#app/_i18n/use-words.ts'

export const allSteps: Step[] = ['encrypted', 'sent', 'fetched', 'opened']

export type Progressed = {
  /** Steps that are done. */
  done: Step[]
  /** Bytes sent. */
  sent?: { loaded: number; total: number | null }
  failed?: boolean
}

/** The way of a backup: only when all are done it is safe. */
export function StepList({ done, sent, failed = false }: Progressed) {
  const words = useWords(backups).steps
  const next = allSteps.find((step) => !done.includes(step))
  const stateOf = (step: Step) => {
    if (done.includes(step)) return 'done'
    if (step !== next) return 'waiting'
    return failed ? 'failed' : 'under'
  }
  const shareSent = sent && next === 'sent' ? (sent.total ?? 0) : 0
  return (
    <div className="mt-5">
      <ol aria-label={words.label} aria-live="polite" className="grid gap-2 sm:grid-cols-4">
        {allSteps.map((step) => {
          const state = stateOf(step)
          return (
            <li
              key={step}
              className={`flex items-center gap-2 rounded-xl border px-3 py-2 text-sm ${looks[state]}`}
              aria-current={state === 'under' ? 'step' : undefined}
            >
              <span aria-hidden="true" className="inline-flex size-5 items-center justify-center">
                {state === 'done' ? <Icon name="good" /> : state === 'failed' ? <Icon name="warning" /> : <Dot />}
              </span>
              <span>
                {words[step]} <span className="sr-only">{words[state]}</span>
              </span>
            </li>
          )
        })}
      </ol>
      {shareSent > 0 && sent && !failed ? (
        <UsageBar used={sent.loaded} total={shareSent} label={`${Math.round((sent.loaded / shareSent) * 100)} %`} />
      ) : null}
    </div>
  )
}

const looks = {
  done: 'border-good text-good',
  under: 'border-ember font-medium text-ember',
  failed: 'border-bad text-bad',
  waiting: 'border-line text-soft',
} as const

function Dot() {
  return <span className="size-2 rounded-full bg-current" />
}
