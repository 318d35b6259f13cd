import { Ago } from '#app/_components/ago.tsx'
import { Card } from '#app/_components/card.tsx'
import { Day } from '#app/_components/day.tsx'
import { cloud } from '#app/_i18n/cloud.ts'
import { wordsOf } from '#app/_i18n/words-of.ts'
import type { RemovedDevice } from '#app/_server/cloud.ts'
import { SlotHistory } from './slot-history.tsx'

const day = 24 * 3_600_000

type Props = { removed: RemovedDevice[]; historyDays: number; now: number }

/** Backups of devices that are gone, as long as there is something to fetch. */
export async function RemovedDevices({ removed, historyDays, now }: Props) {
  const { removed: words } = await wordsOf(cloud)
  return (
    <Card id="removed" heading={words.heading}>
      <p className="mt-1 text-soft">{words.lead}</p>
      {removed.map(({ deviceId, removedAt, history }) => (
        <details key={deviceId} className="mt-3 border-t border-line pt-3">
          <summary className="cursor-pointer rounded">
            <span className="font-medium">{words.at}</span> <Ago at={removedAt} now={now} />
            <span className="text-soft">
              {' '}
              · {words.until} <Day at={removedAt + historyDays * day} />
            </span>
          </summary>
          <SlotHistory deviceId={deviceId} name={words.nameless(deviceId.slice(0, 8))} history={history} now={now} />
        </details>
      ))}
    </Card>
  )
}
