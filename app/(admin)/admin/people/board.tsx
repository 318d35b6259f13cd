import { Card } from '#app/_components/card.tsx'
import { people as area } from '#app/_i18n/people.ts'
import { wordsOf } from '#app/_i18n/words-of.ts'
import type { ListedPerson } from '#app/_server/people.ts'
import { type Freshness, FreshnessBadge } from './freshness-badge.tsx'

const shown: Freshness[] = ['good', 'old', 'silent', 'never', 'new']
/** Shown when there is such a thing, unlike the others. */
const isSeldom = (freshness: Freshness) => freshness === 'new'

/** How many devices are how fresh. */
export async function Board({ people }: { people: ListedPerson[] }) {
  const words = (await wordsOf(area)).board
  const watched = people.filter(({ door }) => door === 'open').flatMap(freshnessesOf)
  const counted = shown.map((freshness) => [freshness, watched.filter((one) => one === freshness).length] as const)
  return (
    <Card id="board" heading={words.heading}>
      <ul className="mt-3 grid grid-cols-2 gap-3 sm:flex sm:flex-wrap">
        {counted.map(([freshness, count]) =>
          count === 0 && isSeldom(freshness) ? null : (
            <li key={freshness} className="min-w-36 flex-1 rounded-xl border border-line px-4 py-3">
              <p className="text-2xl font-semibold">{count}</p>
              <p>
                <FreshnessBadge freshness={freshness} words={words} />
              </p>
              <p className="text-sm text-soft">{words.explain[freshness]}</p>
            </li>
          ),
        )}
      </ul>
    </Card>
  )
}

function freshnessesOf({ devices, freshness }: ListedPerson): Freshness[] {
  return devices.length > 0 ? devices.map((device) => device.freshness) : [freshness]
}
