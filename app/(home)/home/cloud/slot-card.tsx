import { Ago } from '#app/_components/ago.tsx'
import { BadBadge } from '#app/_components/badge.tsx'
import { Card } from '#app/_components/card.tsx'
import { formatSize } from '#app/_components/format-size.ts'
import { smallButton } from '#app/_components/small-button.ts'
import { cloud } from '#app/_i18n/cloud.ts'
import { shell } from '#app/_i18n/shell.ts'
import { languageOfPage, wordsOf } from '#app/_i18n/words-of.ts'
import type { KeptSlot } from '#app/_server/cloud.ts'
import { DeviceButtons } from './device-buttons.tsx'
import { SlotHistory } from './slot-history.tsx'
import { slotFilePath } from './slot-path.ts'

/** A device with its backup and the earlier versions of that. */
export async function SlotCard({ slot: { device, current, history }, now }: { slot: KeptSlot; now: number }) {
  const words = await wordsOf(cloud)
  const { version } = await wordsOf(shell)
  const deviceId = device?.id ?? null
  const name = device ? (device.name ?? words.nameless) : words.own
  return (
    <Card
      id={`slot-${deviceId ?? 'own'}`}
      heading={name}
      end={current?.isDamaged ? <BadBadge>{words.damaged}</BadBadge> : undefined}
    >
      {current?.isDamaged ? <p className="mt-2 text-bad">{words.damagedHint}</p> : null}
      <p className="mt-1 text-soft">
        {current ? (
          <>
            {words.saved} <Ago at={current.updatedAt} now={now} exact /> ·{' '}
            {formatSize(current.size, await languageOfPage())} · {version(current.version)}
          </>
        ) : (
          words.never
        )}
      </p>
      <p className="text-sm text-soft">
        {device ? (
          <>
            {words.added} <Ago at={device.createdAt} now={now} />
          </>
        ) : (
          words.ownHint
        )}
      </p>
      <div className="mt-4 flex flex-wrap gap-2">
        {current ? (
          <a
            href={slotFilePath(deviceId, current.version)}
            className={smallButton.main}
            aria-label={words.downloadOf(name, current.version)}
          >
            {words.download}
          </a>
        ) : null}
        {device ? <DeviceButtons id={device.id} name={device.name} /> : null}
      </div>
      {history.length > 0 ? (
        <details className="mt-4 border-t border-line pt-3">
          <summary className="w-fit cursor-pointer rounded font-medium">{words.history(history.length)}</summary>
          <SlotHistory deviceId={deviceId} name={name} history={history} now={now} canRestore />
        </details>
      ) : current ? (
        <p className="mt-4 border-t border-line pt-3 text-sm text-soft">{words.noHistory}</p>
      ) : null}
    </Card>
  )
}
