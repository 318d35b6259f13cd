import { Ago } from '#app/_components/ago.tsx'
import type { devices } from '#app/_i18n/devices.ts'
import type { DevicesOverview } from '#app/_server/devices.ts'
import { DeviceRow } from './device-row.tsx'

type Props = { keys: DevicesOverview['keys']; now: number; words: (typeof devices)['en'] }

/** Keys of the operation log, which act without being signed in. */
export function KeyRows({ keys, now, words }: Props) {
  return keys.map(({ id, name, fingerprint, lastOperationAt }) => (
    <DeviceRow
      key={id}
      name={name ?? fingerprint}
      about={
        lastOperationAt === null ? (
          words.keys.neverWritten
        ) : (
          <>
            {words.keys.written} <Ago at={lastOperationAt} now={now} />
          </>
        )
      }
    />
  ))
}
