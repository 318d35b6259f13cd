import type { people } from '#app/_i18n/people.ts'
import type { HouseholdMember } from '#app/_server/people.ts'

export type Freshness = HouseholdMember['freshness']

const looks: Record<Freshness, { color: string; path: string }> = {
  good: { color: 'text-good', path: 'M4 12.500 9.500 18 20 6.500' },
  new: { color: 'text-soft', path: 'M12 5v14M5 12h14' },
  old: { color: 'text-ember', path: 'M12 7v5l3.500 2M12 20.500a8.500 8.500 0 1 0 0-17 8.500 8.500 0 0 0 0 17Z' },
  silent: { color: 'text-bad', path: 'M12 4 2.500 20h19Zm0 6v5m0 2.200v.3' },
  never: { color: 'text-bad', path: 'M6 6l12 12M18 6 6 18' },
}

/** How fresh a backup is, by word, colour and sign. */
export function FreshnessBadge({ freshness, words }: { freshness: Freshness; words: (typeof people)['en']['board'] }) {
  const { color, path } = looks[freshness]
  return (
    <span className={`inline-flex shrink-0 items-center gap-1.5 text-sm font-medium ${color}`}>
      <svg viewBox="0 0 24 24" aria-hidden="true" className="size-4 shrink-0">
        <path
          d={path}
          fill="none"
          stroke="currentColor"
          strokeWidth="2.400"
          strokeLinecap="round"
          strokeLinejoin="round"
        />
      </svg>
      {words[freshness]}
    </span>
  )
}
