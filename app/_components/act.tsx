'use client'

import type { ReactNode } from 'react'
import { smallButton } from './small-button.ts'
import { type Deed, useAction } from './use-action.ts'

type Props = Deed & {
  look?: keyof typeof smallButton
  /** For screen readers, where the words alone do not say which one. */
  label?: string
  children: ReactNode
}

/** A button that does one thing at once and says what came of it. */
export function Act({ look = 'quiet', label, children, ...deed }: Props) {
  const { busy, run } = useAction()
  return (
    <button
      type="button"
      className={smallButton[look]}
      aria-label={label}
      aria-busy={busy}
      disabled={busy}
      onClick={() => run(deed)}
    >
      {children}
    </button>
  )
}
