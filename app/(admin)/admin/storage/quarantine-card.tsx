import { Ago } from '#app/_components/ago.tsx'
import { Card } from '#app/_components/card.tsx'
import { formatSize } from '#app/_components/format-size.ts'
import { storage } from '#app/_i18n/storage.ts'
import { languageOfPage, wordsOf } from '#app/_i18n/words-of.ts'
import type { StorageOverview } from '#app/_server/storage.ts'

/** What was found damaged: whose, what, why, and what to do. Ids are for the log, and tell nobody anything. */
export async function QuarantineCard({ objects, now }: { objects: StorageOverview['quarantined']; now: number }) {
  const { set: words } = await wordsOf(storage)
  const language = await languageOfPage()
  return (
    <Card id="quarantine" heading={words.heading}>
      <p className="mt-2 max-w-prose text-soft">{objects.length === 0 ? words.none : words.lead}</p>
      {objects.length > 0 ? (
        <ul className="mt-3 divide-y divide-line">
          {objects.map(({ id, kind, owner, size, fault, isCurrent, foundAt }) => (
            <li key={id} className="py-3">
              <p className="break-words font-medium">
                {words.kinds[kind] ?? kind}
                {' · '}
                <span className="break-all">{owner ?? words.gone}</span>
              </p>
              <p className="text-soft">
                <span className="text-bad">{words.faults[fault ?? ''] ?? fault}</span>
                {' · '}
                {isCurrent ? words.current : words.earlier}
                {' · '}
                {formatSize(size, language)}
                {foundAt === null ? null : (
                  <>
                    {' · '}
                    {words.found} <Ago at={foundAt} now={now} />
                  </>
                )}
              </p>
              <p className="break-all font-mono text-xs text-soft">{id}</p>
            </li>
          ))}
        </ul>
      ) : null}
    </Card>
  )
}
