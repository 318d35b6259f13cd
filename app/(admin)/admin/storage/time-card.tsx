import { Card } from '#app/_components/card.tsx'
import { formatSize } from '#app/_components/format-size.ts'
import { languages } from '#app/_i18n/language.ts'
import { storage } from '#app/_i18n/storage.ts'
import { languageOfPage, wordsOf } from '#app/_i18n/words-of.ts'
import type { StorageOverview } from '#app/_server/storage.ts'

type Sample = StorageOverview['samples'][number]

const day = 24 * 3_600_000
const days = 90
const height = 40

/** How much was kept on each day, as bars, and as a table for whoever would rather read. */
export async function TimeCard({ samples, now }: { samples: Sample[]; now: number }) {
  const { time: words } = await wordsOf(storage)
  const language = await languageOfPage()
  const size = (bytes: number) => formatSize(bytes, language)
  const dayName = new Intl.DateTimeFormat(languages[language].locale, { dateStyle: 'medium', timeZone: 'UTC' })
  const most = Math.max(0, ...samples.map(totalOf))
  if (samples.length === 0)
    return (
      <Card id="time" heading={words.heading}>
        <p className="mt-2 text-soft">{words.empty}</p>
      </Card>
    )
  return (
    <Card id="time" heading={words.heading} end={<span className="text-sm text-soft">{words.most(size(most))}</span>}>
      <Bars samples={samples} now={now} most={most} label={words.chart(days)} />
      <p className="mt-1 flex justify-between text-sm text-soft">
        <span>{dayName.format(now - (days - 1) * day)}</span>
        <span>{words.today}</span>
      </p>
      <ul className="mt-3 flex flex-wrap gap-x-6 gap-y-1 text-sm">
        <li className="flex items-center gap-2">
          <Swatch className="text-ember" /> {words.live}
        </li>
        <li className="flex items-center gap-2">
          <Swatch className="text-edge" /> {words.history}
        </li>
      </ul>
      <details className="mt-3">
        <summary className="cursor-pointer text-sm font-medium hover:text-ember">{words.table}</summary>
        <table className="mt-2 w-full text-left text-sm">
          <thead>
            <tr className="border-b border-line">
              <th className="py-1 pr-3 font-medium">{words.day}</th>
              <th className="py-1 pr-3 font-medium">{words.live}</th>
              <th className="py-1 font-medium">{words.total}</th>
            </tr>
          </thead>
          <tbody>
            {samples.toReversed().map((sample) => (
              <tr key={sample.day} className="border-b border-line">
                <th scope="row" className="py-1 pr-3 font-normal">
                  {dayName.format(Date.parse(sample.day))}
                </th>
                <td className="py-1 pr-3">{size(sample.live)}</td>
                <td className="py-1">{size(totalOf(sample))}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </details>
    </Card>
  )
}

function totalOf({ live, history, quarantined }: Sample): number {
  return live + history + quarantined
}

/** Drawn by attributes: the policy of the pages allows no inline styles. */
function Bars({ samples, now, most, label }: { samples: Sample[]; now: number; most: number; label: string }) {
  const today = Math.floor(now / day)
  const tall = (bytes: number) => (most > 0 ? (bytes / most) * height : 0)
  return (
    <svg
      viewBox={`0 0 ${days} ${height}`}
      preserveAspectRatio="none"
      role="img"
      aria-label={label}
      className="mt-4 block h-40 w-full border-b border-edge"
    >
      {samples.map((sample) => {
        const x = days - 1 - (today - Math.floor(Date.parse(sample.day) / day))
        if (x < 0) return null
        const [all, live] = [tall(totalOf(sample)), tall(sample.live)]
        return (
          <g key={sample.day}>
            <rect
              x={x + 0.1}
              width="0.8"
              y={height - all}
              height={all - live}
              className="text-edge"
              fill="currentColor"
            />
            <rect x={x + 0.1} width="0.8" y={height - live} height={live} className="text-ember" fill="currentColor" />
          </g>
        )
      })}
    </svg>
  )
}

function Swatch({ className }: { className: string }) {
  return (
    <svg viewBox="0 0 10 10" aria-hidden="true" className={`size-3 ${className}`}>
      <rect width="10" height="10" rx="2" fill="currentColor" />
    </svg>
  )
}
