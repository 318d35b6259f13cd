import type { AttentionRow } from '#app/_components/attention.tsx'
import { formatSize } from '#app/_components/format-size.ts'
import { keepingConcerns } from '#app/_i18n/keeping-concerns.ts'
import { languageOfPage, wordsOf } from '#app/_i18n/words-of.ts'
import type { KeepingConcern } from '#app/_server/storage.ts'

const hour = 3_600_000
const day = 24 * hour

/** What is not as it should be with the bytes and their copies, each with the page where something can be done. */
export async function keepingRows(concerns: KeepingConcern[]): Promise<AttentionRow[]> {
  const words = await wordsOf(keepingConcerns)
  const language = await languageOfPage()
  return concerns.map((concern) => {
    const [heading, text] = shown(concern, words, (bytes) => formatSize(bytes, language))
    return { key: JSON.stringify(concern), heading, text, href: pages[concern.kind] }
  })
}

const pages: Record<KeepingConcern['kind'], string> = {
  quarantined: '/admin/storage',
  clock_ahead: '/admin/server',
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
    case 'clock_ahead':
      return words.clockAhead(Math.round(concern.ahead / day), Math.ceil(concern.left / hour))
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
