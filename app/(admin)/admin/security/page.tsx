import Link from 'next/link'
import { Card } from '#app/_components/card.tsx'
import { NoticeList } from '#app/_components/notice-list.tsx'
import { PageHeading } from '#app/_components/page-heading.tsx'
import { ProofGate } from '#app/_components/proof-gate.tsx'
import { smallButton } from '#app/_components/small-button.ts'
import { watch } from '#app/_i18n/watch.ts'
import { titled, wordsOf } from '#app/_i18n/words-of.ts'
import { requireAdmin } from '#app/_server/admin.ts'
import { watchFor } from '#app/_server/watch.ts'
import { readCursor } from '#app/(home)/home/activity/read-cursor.ts'
import { EventFilter } from './event-filter.tsx'
import { EventList } from './event-list.tsx'
import { ExportButton } from './export-button.tsx'
import { LockList } from './lock-list.tsx'
import { queryOf, readFilter, type Search } from './read-filter.ts'

export const generateMetadata = titled(watch)

const perPage = 50

/** What happened to everybody, `?before=<time>.<id>` for what is older, and who is locked out. */
export default async function WatchPage({ searchParams }: { searchParams: Promise<Search> }) {
  const admin = await requireAdmin()
  const words = await wordsOf(watch)
  const search = await searchParams
  const before = readCursor(search.before)
  // One more than is shown tells whether there are older ones.
  const shown = watchFor(admin, readFilter(search), { before, limit: perPage + 1 })
  const { people, lockouts, auditDays, now } = shown
  const events = shown.events.slice(0, perPage)
  const last = shown.events.length > perPage ? events.at(-1) : undefined
  return (
    <>
      <PageHeading lead={words.lead}>{words.title}</PageHeading>
      <NoticeList member={admin} />
      <ProofGate member={admin}>
        <div className="grid grid-cols-1 gap-5">
          <LockList lockouts={lockouts} now={now} />
          <Card id="events" heading={words.filter.heading} end={<ExportButton query={queryOf(search)} />}>
            <EventFilter search={search} people={people} />
            <div className="mt-6">
              <EventList events={events} now={now} />
            </div>
            <div className="mt-4 flex flex-wrap gap-3">
              {before ? (
                <Link href={`/admin/security${queryOf(search)}`} prefetch={false} className={smallButton.quiet}>
                  {words.newest}
                </Link>
              ) : null}
              {last ? (
                <Link
                  href={`/admin/security${queryOf(search, { before: `${last.at}.${last.id}` })}`}
                  prefetch={false}
                  className={smallButton.quiet}
                >
                  {words.older}
                </Link>
              ) : null}
            </div>
            <p className="mt-4 text-sm text-soft">{words.kept(auditDays)}</p>
          </Card>
        </div>
      </ProofGate>
    </>
  )
}
