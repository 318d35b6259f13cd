import Link from 'next/link'
import { formatSize } from '#app/_components/format-size.ts'
import { Icon } from '#app/_components/icon.tsx'
import { smallButton } from '#app/_components/small-button.ts'
import { keepingConcerns } from '#app/_i18n/keeping-concerns.ts'
import { languageOfPage, wordsOf } from '#app/_i18n/words-of.ts'
import type { KeepingConcern } from '#app/_server/storage.ts'

/** What is not as it should be with the bytes and their copies, each with the page where something can be done. */
export async function KeepingConcerns({ concerns }: { concerns: KeepingConcern[] }) {
  const words = await wordsOf(keepingConcerns)
  const language = await languageOfPage()
  if (concerns.length === 0) return null
  return (
    <section aria-labelledby="attention" className="mb-6 rounded-2xl border border-ember bg-card p-5 sm:p-6">
      <h2 id="attention" className="flex items-center gap-2 text-lg font-semibold">
        <Icon name="warning" className="size-6 text-ember" /> {words.attention}
      </h2>
      <ul className="mt-2 divide-y divide-line">
        {concerns.map((concern) => {
          const [heading, text] = shown(concern, words, (bytes) => formatSize(bytes, language))
          return (
            <li key={JSON.stringify(concern)} className="flex flex-wrap items-center gap-x-4 gap-y-2 py-3 last:pb-0">
              <div className="min-w-0 flex-1 basis-64">
                <p className="break-words font-medium">{heading}</p>
                <p className="break-words text-soft">{text}</p>
              </div>
              <Link
                href={pages[concern.kind]}
                prefetch={false}
                className={smallButton.quiet}
                aria-label={`${words.look}: ${heading}`}
              >
                {words.look}
              </Link>
            </li>
          )
        })}
      </ul>
    </section>
  )
}

const pages: Record<KeepingConcern['kind'], string> = {
  quarantined: '/admin/storage',
  move_paused: '/admin/storage',
  disk_nearly_full: '/admin/storage',
  no_snapshots: '/admin/snapshots',
  no_kit: '/admin/snapshots',
  snapshot_failed: '/admin/snapshots',
  snapshot_old: '/admin/snapshots',
  drill_red: '/admin/snapshots',
}

type Words = (typeof keepingConcerns)['en']

function shown(concern: KeepingConcern, words: Words, size: (bytes: number) => string): [string, string] {
  switch (concern.kind) {
    case 'quarantined':
      return words.quarantined(concern.objects)
    case 'move_paused':
      return words.movePaused(concern.reason)
    case 'disk_nearly_full':
      return words.diskNearlyFull(concern.folder, size(concern.free))
    case 'no_snapshots':
      return words.noSnapshots
    case 'no_kit':
      return words.noKit
    case 'snapshot_failed':
      return words.snapshotFailed(concern.reason)
    case 'snapshot_old':
      return words.snapshotOld
    case 'drill_red':
      return words.drillRed(concern.reason)
  }
}
