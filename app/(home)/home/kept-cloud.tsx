import { Ago } from '#app/_components/ago.tsx'
import { BadBadge } from '#app/_components/badge.tsx'
import { formatSize } from '#app/_components/format-size.ts'
import { cloud } from '#app/_i18n/en/cloud.ts'
import { overview } from '#app/_i18n/en/overview.ts'
import type { KeptSlot } from '#app/_server/home.ts'
import { KeptRow, KeptRows } from './kept-rows.tsx'

/** What each device saved, and how long ago. */
export function KeptCloud({ slots, now }: { slots: KeptSlot[]; now: number }) {
  if (slots.length === 0) return <p className="mt-2 text-soft">{overview.cloud.empty}</p>
  return (
    <KeptRows>
      {slots.map(({ device, current }) => (
        <KeptRow key={device?.id ?? 'own'} name={device ? (device.name ?? cloud.nameless) : cloud.own}>
          {current ? (
            <>
              {current.isDamaged ? <BadBadge>{cloud.damaged}</BadBadge> : null} <Ago at={current.updatedAt} now={now} />
              {' · '}
              {formatSize(current.size)}
            </>
          ) : (
            overview.cloud.never
          )}
        </KeptRow>
      ))}
    </KeptRows>
  )
}
