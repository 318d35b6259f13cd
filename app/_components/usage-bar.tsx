type Props = {
  used: number
  total: number
  /** The same in words. */
  label: string
  /** Being nearly at the end is bad, unlike with an upload. */
  warns?: boolean
}

/** How much of something is used. Drawn by attributes: the policy of the pages allows no inline styles. */
export function UsageBar({ used, total, label, warns = false }: Props) {
  const share = total > 0 ? Math.min(1, used / total) : 0
  // A little must be seen too.
  const percent = used > 0 ? Math.max(1, share * 100) : 0
  return (
    <svg
      role="img"
      aria-label={label}
      className={`mt-3 block h-2.5 w-full overflow-hidden rounded-full bg-line ${warns && share >= 0.9 ? 'text-bad' : 'text-ember'}`}
    >
      <rect width={`${percent}%`} height="100%" rx="5" fill="currentColor" />
    </svg>
  )
}
