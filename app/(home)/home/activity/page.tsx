import Link from 'next/link'
import { Ago } from '#app/_components/ago.tsx'
import { EmptyState } from '#app/_components/empty-state.tsx'
import { PageHeading } from '#app/_components/page-heading.tsx'
import { smallButton } from '#app/_components/small-button.ts'
import { activity } from '#app/_i18n/activity.ts'
import { titled, wordsOf } from '#app/_i18n/words-of.ts'
import { eventsOf, type ListedEvent } from '#app/_server/home.ts'
import { requireMember } from '#app/_server/member.ts'
import { alarming, moreOf } from './event-details.ts'
import { readCursor } from './read-cursor.ts'

export const generateMetadata = titled(activity)

const perPage = 50

/** The member's own log, `?before=<time>.<id>` for what is older. */
export default async function ActivityPage({
  searchParams,
}: {
  searchParams: Promise<{ before?: string | string[] }>
}) {
  const member = await requireMember()
  const words = await wordsOf(activity)
  const before = readCursor((await searchParams).before)
  // One more than is shown tells whether there are older ones.
  const { events, now } = eventsOf(member, { before, limit: perPage + 1 })
  const shown = events.slice(0, perPage)
  const last = events.length > perPage ? shown.at(-1) : undefined
  return (
    <>
      <PageHeading lead={words.lead}>{words.title}</PageHeading>
      {shown.length === 0 ? (
        <EmptyState icon="activity" heading={words.empty.heading}>
          {words.empty.text}
        </EmptyState>
      ) : (
        <ol className="divide-y divide-line rounded-2xl border border-line bg-card px-5 sm:px-6">
          {shown.map((event) => (
            <EventRow key={event.id} event={event} now={now} />
          ))}
        </ol>
      )}
      <div className="mt-5 flex gap-3">
        {before ? (
          <Link href="/home/activity" prefetch={false} className={smallButton.quiet}>
            {words.newest}
          </Link>
        ) : null}
        {last ? (
          <Link href={`/home/activity?before=${last.at}.${last.id}`} prefetch={false} className={smallButton.quiet}>
            {words.older}
          </Link>
        ) : null}
      </div>
    </>
  )
}

async function EventRow({ event, now }: { event: ListedEvent; now: number }) {
  const words = await wordsOf(activity)
  const more = moreOf(event, words)
  const isAlarming = alarming.has(event.event)
  return (
    <li className="flex flex-wrap items-baseline justify-between gap-x-6 gap-y-0.5 py-3">
      <span className="min-w-0 break-words">
        <span className={isAlarming ? 'font-medium text-bad' : 'font-medium'}>
          {words.events[event.event] ?? event.event}
        </span>
        {more ? <span className="text-soft"> · {more}</span> : null}
        {isAlarming ? <span className="text-soft"> · {words.look}</span> : null}
      </span>
      <span className="text-sm text-soft">
        <Ago at={event.at} now={now} exact />
        {event.address ? ` ${words.from(event.address)}` : null}
      </span>
    </li>
  )
}
