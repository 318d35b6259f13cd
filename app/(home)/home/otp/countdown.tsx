'use client'

import { otp } from '#app/_i18n/otp.ts'
import { useWords } from '#app/_i18n/use-words.ts'

const around = 2 * Math.PI * 9
const nearlyOver = 5

/** A ring that empties, red for the last seconds. @param left  whole seconds of a period of `of` seconds */
export function Countdown({ left, of }: { left: number; of: number }) {
  const words = useWords(otp).list
  return (
    <svg
      viewBox="0 0 24 24"
      role="img"
      aria-label={words.secondsLeft(left)}
      className={`size-6 shrink-0 sm:size-7 -rotate-90 ${left <= nearlyOver ? 'text-bad' : 'text-ember'}`}
    >
      <circle cx="12" cy="12" r="9" fill="none" className="stroke-line" strokeWidth="3" />
      <circle
        cx="12"
        cy="12"
        r="9"
        fill="none"
        stroke="currentColor"
        strokeWidth="3"
        strokeDasharray={`${(around * left) / of} ${around}`}
      />
    </svg>
  )
}
