import { otp } from '#app/_i18n/en/otp.ts'

const around = 2 * Math.PI * 9

/** A ring that empties, red for the last five seconds. @param left  whole seconds of a period of `of` seconds */
export function Countdown({ left, of }: { left: number; of: number }) {
  return (
    <svg
      viewBox="0 0 24 24"
      role="img"
      aria-label={otp.list.secondsLeft(left)}
      className={`size-7 shrink-0 -rotate-90 ${left <= 5 ? 'text-bad' : 'text-ember'}`}
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
