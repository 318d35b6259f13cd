/** The house with a fire in it. */
export function Hearth() {
  return (
    <svg viewBox="0 0 48 48" width="56" height="56" aria-hidden="true" className="text-ember">
      <path
        d="M5 23 24 6l19 17v17a3 3 0 0 1-3 3H8a3 3 0 0 1-3-3Z"
        fill="none"
        stroke="currentColor"
        strokeWidth="3"
        strokeLinejoin="round"
      />
      <path
        d="M24 19c1 4 6 6 6 12a6 6 0 0 1-12 0c0-3 2-4 2.500-6.500 1.500.5 2 1.500 2.500 2.500 1-2 1.500-5 1-8Z"
        fill="currentColor"
      />
    </svg>
  )
}
