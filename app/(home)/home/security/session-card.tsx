'use client'

import { Act } from '#app/_components/act.tsx'
import { Ago } from '#app/_components/ago.tsx'
import { AskFirst } from '#app/_components/ask-first.tsx'
import { Card } from '#app/_components/card.tsx'
import { security } from '#app/_i18n/security.ts'
import { useWords } from '#app/_i18n/use-words.ts'
import type { SecurityOverview } from '#app/_server/security.ts'
import { endOtherSessions, endSession } from './actions.ts'

type Session = SecurityOverview['sessions'][number]

/** Every session of the account, of pages and of apps, and the ways to end them. */
export function SessionCard({ sessions, now }: { sessions: Session[]; now: number }) {
  const words = useWords(security).sessions
  const others = sessions.length > 1
  return (
    <Card id="sessions" heading={words.heading}>
      <p className="mt-2 max-w-prose text-soft">{words.lead}</p>
      <ul className="mt-4 divide-y divide-line">
        {sessions.map((session) => (
          <li key={session.id} className="flex flex-wrap items-center justify-between gap-x-6 gap-y-3 py-4">
            <About session={session} now={now} />
            {session.isThis ? null : (
              <Act
                action={() => endSession(session.id)}
                done={words.ended}
                label={words.endOf(session.device ?? words.unknown)}
              >
                {words.end}
              </Act>
            )}
          </li>
        ))}
      </ul>
      {others ? (
        <AskFirst
          words={words.endOthers}
          heading={words.endOthersHeading}
          action={endOtherSessions}
          done={words.endedOthers}
        >
          <p>{words.endOthersText}</p>
        </AskFirst>
      ) : null}
    </Card>
  )
}

function About({ session, now }: { session: Session; now: number }) {
  const words = useWords(security).sessions
  const { device, kind, isThis, createdAt, lastSeenAt } = session
  return (
    <div className="min-w-0">
      <p className="break-words font-medium">
        {device ?? words.unknown}
        {isThis ? <span className="ml-2 text-sm font-normal text-good">{words.isThis}</span> : null}
      </p>
      <p className="text-sm text-soft">
        {words.kinds[kind]}, {words.since} <Ago at={createdAt} now={now} />, {words.seen}{' '}
        <Ago at={lastSeenAt} now={now} />
      </p>
    </div>
  )
}
