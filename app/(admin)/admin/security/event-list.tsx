import { Ago } from '#app/_components/ago.tsx'
import { EmptyState } from '#app/_components/empty-state.tsx'
import { activity } from '#app/_i18n/activity.ts'
import { watch } from '#app/_i18n/watch.ts'
import { wordsOf } from '#app/_i18n/words-of.ts'
import type { SeenEvent } from '#app/_server/watch.ts'
import { alarming, moreOf } from '#app/(home)/home/activity/event-details.ts'
import { type FoldedEvent, foldEvents } from './fold-events.ts'

/** What happened, to whom, when and from where, the latest first. */
export async function EventList({ events, now }: { events: SeenEvent[]; now: number }) {
  const { empty } = await wordsOf(watch)
  if (events.length === 0)
    return (
      <EmptyState icon="watch" heading={empty.heading}>
        {empty.text}
      </EmptyState>
    )
  return (
    <ol className="divide-y divide-line">
      {foldEvents(events).map((fold) => (
        <EventRow key={fold.event.id} {...fold} now={now} />
      ))}
    </ol>
  )
}

async function EventRow({ event, count, now }: FoldedEvent & { now: number }) {
  const words = await wordsOf(watch)
  const own = await wordsOf(activity)
  const said: Partial<Record<string, string>> = words.events
  const more = moreOf(event, own)
  return (
    <li className="flex flex-wrap items-baseline justify-between gap-x-6 gap-y-0.5 py-3">
      <span className="min-w-0 break-words">
        <span className={alarming.has(event.event) ? 'font-medium text-bad' : 'font-medium'}>
          {said[event.event] ?? own.events[event.event] ?? event.event}
        </span>
        <span className="text-soft"> · {whose(event, words)}</span>
        {more ? <span className="text-soft"> · {more}</span> : null}
        {count > 1 ? <span className="text-soft"> · {words.times(count)}</span> : null}
      </span>
      <span className="text-sm text-soft">
        <Ago at={event.at} now={now} exact />
        {event.address ? ` ${own.from(event.address)}` : null}
      </span>
    </li>
  )
}

function whose(
  { person, accountId, address }: SeenEvent,
  words: Record<'server' | 'unknown' | 'gone', string>,
): string {
  if (person) return person
  if (accountId) return words.gone
  // What the server does by itself comes from nowhere.
  return address ? words.unknown : words.server
}
