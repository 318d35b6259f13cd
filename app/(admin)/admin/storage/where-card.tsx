import { Card } from '#app/_components/card.tsx'
import { formatSize } from '#app/_components/format-size.ts'
import { UsageBar } from '#app/_components/usage-bar.tsx'
import { storage } from '#app/_i18n/storage.ts'
import { languageOfPage, wordsOf } from '#app/_i18n/words-of.ts'
import type { StorageOverview } from '#app/_server/storage.ts'
import { wordsOfPlace } from './place-words.ts'

/** Where the bytes lie, how many there are of which kind, and how much room is left. */
export async function WhereCard({ overview }: { overview: StorageOverview }) {
  const { where: words } = await wordsOf(storage)
  const language = await languageOfPage()
  const size = (bytes: number) => formatSize(bytes, language)
  const { name, address } = wordsOfPlace(overview.place, words)
  const of = (state: string) => overview.usage.find((one) => one.state === state) ?? { objects: 0, bytes: 0 }
  const rows = (['live', 'superseded', 'quarantined'] as const).map((state) => ({ ...of(state), state }))
  const names = { live: words.live, superseded: words.history, quarantined: words.quarantined }
  const isApart = overview.place.kind === 's3' || !overview.place.isOwn
  return (
    <Card id="where" heading={words.heading}>
      <p className="mt-2 font-medium">{name}</p>
      <p className="break-all font-mono text-sm text-soft">{address}</p>
      <dl className="mt-4 grid gap-x-8 gap-y-2 sm:grid-cols-2">
        {rows.map(({ state, objects, bytes }) => (
          <div key={state} className="flex flex-wrap justify-between gap-x-4 border-b border-line py-1">
            <dt>{names[state]}</dt>
            <dd className={state === 'quarantined' && objects > 0 ? 'text-bad' : 'text-soft'}>
              {words.amount(words.objects(objects), size(bytes))}
            </dd>
          </div>
        ))}
        <div className="flex flex-wrap justify-between gap-x-4 border-b border-line py-1">
          <dt>{words.database}</dt>
          <dd className="text-soft">{size(overview.databaseBytes)}</dd>
        </div>
      </dl>
      {overview.room ? <DiskRoom heading={words.room} room={overview.room} words={words} size={size} /> : null}
      {isApart && overview.dataRoom ? (
        <DiskRoom heading={words.dataRoom} room={overview.dataRoom} words={words} size={size} />
      ) : null}
    </Card>
  )
}

type Props = {
  heading: string
  room: { free: number; total: number }
  words: { free: (free: string, total: string) => string }
  size: (bytes: number) => string
}

function DiskRoom({ heading, room: { free, total }, words, size }: Props) {
  const said = words.free(size(free), size(total))
  return (
    <div className="mt-5">
      <p className="flex flex-wrap justify-between gap-x-4">
        <span>{heading}</span> <span className="text-soft">{said}</span>
      </p>
      <UsageBar used={total - free} total={total} label={`${heading}: ${said}`} warns />
    </div>
  )
}
