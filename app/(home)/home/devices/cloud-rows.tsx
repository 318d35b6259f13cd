import { Act } from '#app/_components/act.tsx'
import { Ago } from '#app/_components/ago.tsx'
import type { devices as area } from '#app/_i18n/devices.ts'
import type { DevicesOverview } from '#app/_server/devices.ts'
import { signOutDevice } from './actions.ts'
import { DeviceRow } from './device-row.tsx'

type Props = { devices: DevicesOverview['cloud']; now: number; words: (typeof area)['en'] }

/** Devices that registered for cloud backup; what is theirs is changed on the page of the backups. */
export function CloudRows({ devices, now, words }: Props) {
  return devices.map((device) => {
    const name = device.name ?? words.unknown
    return (
      <DeviceRow
        key={device.id}
        name={name}
        about={
          <>
            {device.lastSeenAt === null ? (
              words.cloud.signedOut
            ) : (
              <>
                {words.seen} <Ago at={device.lastSeenAt} now={now} />
              </>
            )}
            ,{' '}
            {device.savedAt === null ? (
              words.cloud.neverSaved
            ) : (
              <>
                {words.cloud.saved} <Ago at={device.savedAt} now={now} />
              </>
            )}
          </>
        }
      >
        {device.lastSeenAt === null ? null : (
          <Act action={signOutDevice.bind(null, device.id)} done={words.ended} label={words.endOf(name)}>
            {words.end}
          </Act>
        )}
      </DeviceRow>
    )
  })
}
