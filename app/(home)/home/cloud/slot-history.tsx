import { Act } from '#app/_components/act.tsx'
import { smallButton } from '#app/_components/small-button.ts'
import { VersionRow, VersionRows } from '#app/_components/version-rows.tsx'
import { cloud } from '#app/_i18n/cloud.ts'
import { wordsOf } from '#app/_i18n/words-of.ts'
import type { KeptSlot } from '#app/_server/cloud.ts'
import { restoreVersion } from './actions.ts'
import { slotFilePath } from './slot-path.ts'

type Props = {
  deviceId: string | null
  name: string
  history: KeptSlot['history']
  now: number
  /** False for a device that was removed: there is no slot to restore into. */
  canRestore?: boolean
}

/** Earlier versions of a backup, each with a way to fetch it and a way back. */
export async function SlotHistory({ deviceId, name, history, now, canRestore = false }: Props) {
  const words = await wordsOf(cloud)
  return (
    <VersionRows>
      {history.map((past) => (
        <VersionRow key={past.version} past={past} now={now}>
          <a
            href={slotFilePath(deviceId, past.version)}
            className={smallButton.quiet}
            aria-label={words.downloadOf(name, past.version)}
          >
            {words.download}
          </a>
          {canRestore ? (
            <Act
              action={restoreVersion.bind(null, { deviceId, version: past.version })}
              done={words.restored(past.version)}
              label={words.restoreOf(name, past.version)}
            >
              {words.restore}
            </Act>
          ) : null}
        </VersionRow>
      ))}
    </VersionRows>
  )
}
