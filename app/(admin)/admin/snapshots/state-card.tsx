import Link from 'next/link'
import { Ago } from '#app/_components/ago.tsx'
import { Card } from '#app/_components/card.tsx'
import { Icon } from '#app/_components/icon.tsx'
import { snapshots } from '#app/_i18n/snapshots.ts'
import { wordsOf } from '#app/_i18n/words-of.ts'
import type { SnapshotsOverview } from '#app/_server/snapshots.ts'
import { TakeNow } from './take-now.tsx'

type Overview = SnapshotsOverview & { now: number }

/** Green or not, in words, with what was done when. */
export async function StateCard({ overview }: { overview: Overview }) {
  const { state: words } = await wordsOf(snapshots)
  const { run, drill, target, key, work, now, hours, keepDaily, keepWeekly } = overview
  const { isWell, said, reason } = standing(overview, words)
  return (
    <Card id="state" heading={words.heading}>
      <p className={`mt-3 flex items-start gap-2 font-medium ${isWell ? 'text-good' : 'text-bad'}`}>
        <Icon name={isWell ? 'good' : 'warning'} className="mt-0.5 size-5" /> {said}
      </p>
      {reason ? <p className="mt-1 break-words">{reason}</p> : null}
      <dl className="mt-4 grid gap-x-6 gap-y-1 sm:grid-cols-[auto_1fr]">
        <dt className="text-soft">{words.last}</dt>
        <dd>{run?.succeededAt ? <Ago at={run.succeededAt} now={now} exact /> : words.never}</dd>
        <dt className="text-soft">{words.tested}</dt>
        <dd>
          {drill ? (
            <>
              <span className={drill.outcome === 'ok' ? 'text-good' : 'text-bad'}>
                {drill.outcome === 'ok' ? words.testedWell : words.testedBadly}
              </span>
              , <Ago at={drill.at} now={now} exact />
            </>
          ) : (
            words.untested
          )}
        </dd>
        {drill?.readAt ? (
          <>
            <dt className="text-soft">{words.read}</dt>
            <dd>
              <Ago at={drill.readAt} now={now} exact />
            </dd>
          </>
        ) : null}
      </dl>
      <p className="mt-4 text-soft">
        {words.schedule(hours, keepDaily, keepWeekly)}{' '}
        <Link href="/admin/server/storage" prefetch={false} className="rounded text-ember underline">
          {words.change}
        </Link>
      </p>
      {target && key ? (
        <TakeNow initial={work} mayAdopt={run !== null && run.outcome !== 'ok' && target.place.kind === 'folder'} />
      ) : null}
    </Card>
  )
}

type Words = (typeof snapshots)['en']['state']

function standing(
  { target, key, isKeyDamaged, run, drill }: Overview,
  words: Words,
): { isWell: boolean; said: string; reason?: string } {
  if (!target) return { isWell: false, said: words.noTarget }
  if (isKeyDamaged) return { isWell: false, said: words.damagedKit }
  if (!key) return { isWell: false, said: words.noKit }
  if (!run) return { isWell: true, said: words.waiting }
  if (run.outcome !== 'ok') return { isWell: false, said: words.failed, reason: run.outcome }
  if (drill && drill.outcome !== 'ok') return { isWell: false, said: words.red, reason: drill.outcome }
  return { isWell: true, said: words.well }
}
