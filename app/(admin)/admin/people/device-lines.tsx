import { Ago } from '#app/_components/ago.tsx'
import { BadBadge } from '#app/_components/badge.tsx'
import { formatSize } from '#app/_components/format-size.ts'
import { people as area } from '#app/_i18n/people.ts'
import { languageOfPage, wordsOf } from '#app/_i18n/words-of.ts'
import type { ListedPerson } from '#app/_server/people.ts'
import { FreshnessBadge } from './freshness-badge.tsx'

/** Each device of somebody with how long ago it saved, then everything else by kind. */
export async function DeviceLines({ person, now }: { person: ListedPerson; now: number }) {
  const { list, board } = await wordsOf(area)
  const language = await languageOfPage()
  const kinds = (['personas', 'backups', 'codes', 'logs'] as const).filter((kind) => person.kept[kind].count > 0)
  if (person.devices.length + kinds.length === 0) return <p className="mt-2 text-soft">{list.nothing}</p>
  return (
    <ul className="mt-2 divide-y divide-line">
      {person.devices.map(({ id, name, at, size, isDamaged, freshness }) => (
        <li key={id ?? 'shared'} className="flex flex-wrap items-baseline justify-between gap-x-4 gap-y-0.5 py-2">
          <span className="min-w-0 break-words font-medium">{id === null ? list.shared : (name ?? list.nameless)}</span>
          <span className="flex flex-wrap items-baseline gap-x-3 text-sm text-soft">
            {isDamaged ? <BadBadge>{list.damaged}</BadBadge> : null}
            {at === null ? null : (
              <span>
                <Ago at={at} now={now} />
                {size === null ? null : ` · ${formatSize(size, language)}`}
              </span>
            )}
            <FreshnessBadge freshness={freshness} words={board} />
          </span>
        </li>
      ))}
      {kinds.map((kind) => {
        const { count, at } = person.kept[kind]
        return (
          <li key={kind} className="flex flex-wrap items-baseline justify-between gap-x-4 gap-y-0.5 py-2">
            <span className="min-w-0 font-medium">{list.kept[kind](count)}</span>
            {at === null ? null : (
              <span className="text-sm text-soft">
                <Ago at={at} now={now} />
              </span>
            )}
          </li>
        )
      })}
    </ul>
  )
}
