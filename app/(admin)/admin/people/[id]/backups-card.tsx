import { Card } from '#app/_components/card.tsx'
import { people as area } from '#app/_i18n/people.ts'
import { wordsOf } from '#app/_i18n/words-of.ts'
import type { OnePerson } from '#app/_server/people.ts'
import { DeviceLines } from '#app/(admin)/admin/people/device-lines.tsx'
import { FreshnessBadge } from '#app/(admin)/admin/people/freshness-badge.tsx'
import { NudgeButton } from '#app/(admin)/admin/people/nudge-button.tsx'

export async function BackupsCard({ person, now }: Pick<OnePerson, 'person' | 'now'>) {
  const words = await wordsOf(area)
  return (
    <Card
      id="backups"
      heading={words.person.backups.heading}
      end={person.door === 'open' ? <FreshnessBadge freshness={person.freshness} words={words.board} /> : null}
    >
      <p className="mt-1 max-w-prose text-soft">{words.person.backups.lead}</p>
      <DeviceLines person={person} now={now} />
      <div className="mt-3 flex flex-wrap items-center justify-end gap-3 empty:hidden">
        <NudgeButton person={person} now={now} />
      </div>
    </Card>
  )
}
