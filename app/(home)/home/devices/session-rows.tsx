import { Act } from '#app/_components/act.tsx'
import { Ago } from '#app/_components/ago.tsx'
import type { devices } from '#app/_i18n/devices.ts'
import type { DevicesOverview } from '#app/_server/devices.ts'
import { endSession } from './actions.ts'
import { DeviceRow } from './device-row.tsx'

type Props = {
  sessions: DevicesOverview['browsers']
  now: number
  words: (typeof devices)['en']
  /** What else is to be known of each. */
  about?: string
}

/** Browsers or apps that are signed in, each with the way to end that. */
export function SessionRows({ sessions, now, words, about }: Props) {
  return sessions.map(({ id, device, isThis, createdAt, lastSeenAt }) => {
    const name = device ?? words.unknown
    return (
      <DeviceRow
        key={id}
        name={name}
        mark={isThis ? words.isThis : null}
        about={
          <>
            {about ? `${about}, ` : null}
            {words.since} <Ago at={createdAt} now={now} />, {words.seen} <Ago at={lastSeenAt} now={now} />
          </>
        }
      >
        {isThis ? null : (
          <Act action={endSession.bind(null, id)} done={words.ended} label={words.endOf(name)}>
            {words.end}
          </Act>
        )}
      </DeviceRow>
    )
  })
}
