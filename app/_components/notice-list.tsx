import Link from 'next/link'
import { activity } from '#app/_i18n/activity.ts'
import { notices as area } from '#app/_i18n/notices.ts'
import { wordsOf } from '#app/_i18n/words-of.ts'
import type { Member } from '#app/_server/member.ts'
import { type Notice, noticesOf } from '#app/_server/notices.ts'
import { moreOf } from '#app/(home)/home/activity/event-details.ts'
import { Ago } from './ago.tsx'
import { DismissButton } from './dismiss-button.tsx'
import { Icon } from './icon.tsx'

/** What the member is told of without having looked for it; nothing when they know it all. */
export async function NoticeList({ member }: { member: Member }) {
  const { notices, total, now } = noticesOf(member)
  if (notices.length === 0) return null
  const words = await wordsOf(area)
  return (
    <section aria-labelledby="notices" className="mb-5 rounded-2xl border border-ember bg-card p-5 sm:p-6">
      <div className="flex flex-wrap items-center justify-between gap-3">
        <h2 id="notices" className="flex items-center gap-2 text-lg font-semibold">
          <Icon name="bell" className="size-6 text-ember" /> {words.heading}
        </h2>
        {total > 1 ? <DismissButton which={{ until: now }}>{words.dismissAll}</DismissButton> : null}
      </div>
      <ul className="mt-2 divide-y divide-line">
        {notices.map((notice) => (
          <NoticeRow key={notice.id} notice={notice} now={now} />
        ))}
      </ul>
      <p className="mt-3 text-sm text-soft">
        {total > notices.length ? `${words.more(total - notices.length)} · ` : null}
        <Link href="/home/activity" prefetch={false} className="text-ember underline-offset-4 hover:underline">
          {words.all}
        </Link>
      </p>
    </section>
  )
}

async function NoticeRow({ notice, now }: { notice: Notice; now: number }) {
  const words = await wordsOf(area)
  const of = await wordsOf(activity)
  const said = sentenceOf(notice, words, of.events)
  // That the place is new is what it says already.
  const more = moreOf({ ...notice, details: { ...notice.details, isNew: null } }, of)
  return (
    <li className="flex flex-wrap items-center gap-x-4 gap-y-2 py-3 last:pb-0">
      <div className="min-w-0 flex-1 basis-64">
        <p className="break-words font-medium">{said}</p>
        <p className="break-words text-sm text-soft">
          {more ? `${more} · ` : null}
          <Ago at={notice.at} now={now} exact />
          {notice.address ? ` ${of.from(notice.address)}` : null}
        </p>
      </div>
      <DismissButton which={{ ids: [notice.id] }} label={words.dismissOf(said)}>
        {words.dismiss}
      </DismissButton>
    </li>
  )
}

type Words = (typeof area)['en']

function sentenceOf({ event }: Notice, words: Words, events: Partial<Record<string, string>>): string {
  if (event === 'session.opened') return words.newPlace
  if (event === 'session.refused') return words.severalRefused
  return words.otherEvents[event] ?? events[event] ?? event
}
