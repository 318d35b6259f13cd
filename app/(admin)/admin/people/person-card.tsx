import Link from 'next/link'
import { Ago } from '#app/_components/ago.tsx'
import { formatSize } from '#app/_components/format-size.ts'
import { smallButton } from '#app/_components/small-button.ts'
import { UsageBar } from '#app/_components/usage-bar.tsx'
import { people as area } from '#app/_i18n/people.ts'
import { languageOfPage, wordsOf } from '#app/_i18n/words-of.ts'
import type { ListedPerson } from '#app/_server/people.ts'
import { DeviceLines } from './device-lines.tsx'
import { FreshnessBadge } from './freshness-badge.tsx'
import { Marks } from './marks.tsx'
import { NudgeButton } from './nudge-button.tsx'

type Props = { person: ListedPerson; isYou: boolean; now: number }

/** One person in the list: how fresh their backups are, their space, and when they were here. */
export async function PersonCard({ person, isYou, now }: Props) {
  const words = await wordsOf(area)
  const language = await languageOfPage()
  const { id, name, space, newestAt, lastSeenAt, freshness, door } = person
  const used = words.list.space(formatSize(space.used, language), formatSize(space.quota, language))
  return (
    <li className="rounded-2xl border border-line bg-card p-5 sm:p-6">
      <div className="flex flex-wrap items-start justify-between gap-x-4 gap-y-2">
        <h3 className="min-w-0 break-words text-lg font-semibold">
          {name}
          <Marks person={person} isYou={isYou} words={words.list} />
        </h3>
        {door === 'open' ? <FreshnessBadge freshness={freshness} words={words.board} /> : null}
      </div>
      <p className="mt-1 text-sm text-soft">
        {newestAt === null ? (
          words.list.noBackup
        ) : (
          <>
            {words.list.saved} <Ago at={newestAt} now={now} />
          </>
        )}
        {' · '}
        {lastSeenAt === null ? (
          words.list.neverSeen
        ) : (
          <>
            {words.list.seen} <Ago at={lastSeenAt} now={now} />
          </>
        )}
        {' · '}
        {used}
      </p>
      <UsageBar used={space.used} total={space.quota} label={used} warns />
      <DeviceLines person={person} now={now} />
      <div className="mt-4 flex flex-wrap items-center justify-end gap-3">
        <NudgeButton person={person} now={now} />
        <Link
          href={`/admin/people/${id}`}
          prefetch={false}
          className={smallButton.quiet}
          aria-label={words.list.openOf(name)}
        >
          {words.list.open}
        </Link>
      </div>
    </li>
  )
}
