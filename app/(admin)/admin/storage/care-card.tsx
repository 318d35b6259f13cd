import Link from 'next/link'
import { Ago } from '#app/_components/ago.tsx'
import { Card } from '#app/_components/card.tsx'
import { storage } from '#app/_i18n/storage.ts'
import { wordsOf } from '#app/_i18n/words-of.ts'
import type { StorageOverview } from '#app/_server/storage.ts'
import { CheckNow } from './check-now.tsx'

type LastRun = StorageOverview['reaper']['history']

/** What the server does by itself for the bytes, and how it went. */
export async function CareCard({
  overview: { scrub, usage, reaper, history },
  now,
}: {
  overview: StorageOverview
  now: number
}) {
  const { care: words } = await wordsOf(storage)
  const all = usage.reduce((sum, { objects }) => sum + objects, 0)
  const { round, lastRound, work } = scrub
  return (
    <Card id="care" heading={words.heading}>
      <h3 className="mt-4 font-medium">{words.scrub}</h3>
      <p className="text-soft">{words.scrubLead(scrub.days)}</p>
      {round ? <p>{words.round(Math.min(round.objects, all), all)}</p> : null}
      <p>
        {lastRound ? (
          <>
            {words.lastRound(lastRound.objects, lastRound.faults)} <Ago at={lastRound.finishedAt} now={now} />.
          </>
        ) : (
          words.noRound
        )}
      </p>
      {work?.failure ? <p className="break-words text-bad">{words.failed(work.failure)}</p> : null}
      <CheckNow isChecking={work !== null && work.endedAt === null} />
      <h3 className="mt-6 font-medium">{words.reaper}</h3>
      <p className="text-soft">
        {words.reaperLead(history.versions, history.days)}{' '}
        <Link href="/admin/server/rules" prefetch={false} className="rounded text-ember underline">
          {words.change}
        </Link>
      </p>
      <ul className="mt-1">
        <Ran name={words.history} run={reaper.history} now={now} words={words} />
        <Ran name={words.orphans} run={reaper.orphans} now={now} words={words} />
      </ul>
    </Card>
  )
}

type Words = { ranWell: string; ranBadly: (reason: string) => string; never: string }

function Ran({ name, run, now, words }: { name: string; run: LastRun; now: number; words: Words }) {
  return (
    <li className="break-words">
      {name}:{' '}
      {run === null ? (
        words.never
      ) : (
        <>
          <span className={run.outcome === 'ok' ? '' : 'text-bad'}>
            {run.outcome === 'ok' ? words.ranWell : words.ranBadly(run.outcome)}
          </span>{' '}
          <Ago at={run.at} now={now} />
        </>
      )}
    </li>
  )
}
