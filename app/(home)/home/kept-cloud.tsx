import { Ago } from '#app/_components/ago.tsx'
import { BadBadge } from '#app/_components/badge.tsx'
import { formatSize } from '#app/_components/format-size.ts'
import { cloud } from '#app/_i18n/cloud.ts'
import { overview } from '#app/_i18n/overview.ts'
import { languageOfPage, wordsOf } from '#app/_i18n/words-of.ts'
import type { KeptSlot } from '#app/_server/home.ts'
import { KeptRow, KeptRows } from './kept-rows.tsx'

/** What each device saved, and how long ago. */
export async function KeptCloud({ slots, now }: { slots: KeptSlot[]; now: number }) {
  const words = await wordsOf(overview)
  const { nameless, own, damaged } = await wordsOf(cloud)
  const language = await languageOfPage()
  if (slots.length === 0) return <p className="mt-2 text-soft">{words.cloud.empty}</p>
  return (
    <KeptRows>
      {slots.map(({ device, current }) => (
        <KeptRow key={device?.id ?? 'own'} name={device ? (device.name ?? nameless) : own}>
          {current ? (
            <>
              {current.isDamaged ? <BadBadge>{damaged}</BadBadge> : null} <Ago at={current.updatedAt} now={now} />
              {' · '}
              {formatSize(current.size, language)}
            </>
          ) : (
            words.cloud.never
          )}
        </KeptRow>
      ))}
    </KeptRows>
  )
}
