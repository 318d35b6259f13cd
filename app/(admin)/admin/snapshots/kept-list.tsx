import { Ago } from '#app/_components/ago.tsx'
import { BadBadge } from '#app/_components/badge.tsx'
import { formatSize } from '#app/_components/format-size.ts'
import { snapshots } from '#app/_i18n/snapshots.ts'
import { languageOfPage, wordsOf } from '#app/_i18n/words-of.ts'
import type { Admin } from '#app/_server/admin.ts'
import { keptSnapshotsOf, type SnapshotsOverview } from '#app/_server/snapshots.ts'

/** What is in the place, newest first; the newest has been tested. */
export async function KeptList({
  admin,
  newest,
  now,
}: {
  admin: Admin
  newest: SnapshotsOverview['drill']
  now: number
}) {
  const { list: words, state } = await wordsOf(snapshots)
  const language = await languageOfPage()
  const kept = await keptSnapshotsOf(admin)
  if (typeof kept === 'string') return <p className="mt-2 break-words text-bad">{words.away(kept)}</p>
  if (kept.length === 0) return <p className="mt-2 text-soft">{words.empty}</p>
  return (
    <ul className="mt-2 divide-y divide-line">
      {kept.map(({ name, createdAt, objects, bytes }, index) => (
        <li key={name} className="flex flex-wrap items-center justify-between gap-x-4 gap-y-1 py-2.5">
          <div className="min-w-0">
            <p>
              {createdAt === null ? <BadBadge>{words.damaged}</BadBadge> : <Ago at={createdAt} now={now} exact />}
              {index === 0 ? <span className="text-soft"> · {words.newest}</span> : null}
            </p>
            <p className="break-all font-mono text-xs text-soft">{name}</p>
          </div>
          <p className="text-sm text-soft">
            {createdAt === null ? null : `${words.files(objects)} · ${formatSize(bytes, language)}`}
            {newest?.snapshot === name ? (
              <span className={newest.outcome === 'ok' ? 'text-good' : 'text-bad'}>
                {' · '}
                {state.tested} {newest.outcome === 'ok' ? state.testedWell : state.testedBadly}
              </span>
            ) : null}
          </p>
        </li>
      ))}
    </ul>
  )
}
