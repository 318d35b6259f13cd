import Link from 'next/link'
import { Card } from '#app/_components/card.tsx'
import { smallButton } from '#app/_components/small-button.ts'
import { server } from '#app/_i18n/server.ts'
import { wordsOf } from '#app/_i18n/words-of.ts'
import type { LogLine } from '#app/_server/server-facts.ts'

const troubles = ['warn', 'error', 'fatal']

export function levelsOf(onlyTroubles: boolean): string[] {
  return onlyTroubles ? troubles : ['trace', 'debug', 'info', ...troubles]
}

type Props = { lines: LogLine[]; onlyTroubles: boolean }

/** The log as it was written, in English: it is for whoever looks for a fault. */
export async function LogCard({ lines, onlyTroubles }: Props) {
  const words = (await wordsOf(server)).log
  const link = (isCurrent: boolean) => `${smallButton.quiet} ${isCurrent ? 'border-ember text-ember' : ''}`
  return (
    <Card id="log-heading" heading={words.heading}>
      <p className="mt-2 text-soft">{words.lead}</p>
      <nav aria-label={words.show} className="mt-4 flex flex-wrap gap-3">
        <Link
          href="/admin/server/watching"
          prefetch={false}
          aria-current={onlyTroubles ? undefined : 'true'}
          className={link(!onlyTroubles)}
        >
          {words.all}
        </Link>
        <Link
          href="/admin/server/watching?show=troubles"
          prefetch={false}
          aria-current={onlyTroubles ? 'true' : undefined}
          className={link(onlyTroubles)}
        >
          {words.troubles}
        </Link>
        <a href={`/admin/server/watching${onlyTroubles ? '?show=troubles' : ''}`} className={smallButton.quiet}>
          {words.refresh}
        </a>
      </nav>
      {lines.length === 0 ? (
        <p className="mt-4">{words.empty}</p>
      ) : (
        <ol
          // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard
          tabIndex={0}
          aria-labelledby="log-heading"
          lang="en"
          className="mt-4 max-h-96 overflow-y-auto rounded-xl border border-line p-3 font-mono text-sm"
        >
          {lines.map((line, place) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: lines have no name of their own, and the list is made anew
            <Line key={place} line={line} />
          ))}
        </ol>
      )}
    </Card>
  )
}

function Line({ line: { at, level, words, more } }: { line: LogLine }) {
  const extras = Object.entries(more).map(([name, value]) => `${name}=${JSON.stringify(value)}`)
  return (
    <li className="break-words py-1">
      <time dateTime={at} className="text-soft">
        {at.slice(0, 19).replace('T', ' ')}
      </time>{' '}
      <span className={troubles.includes(level) ? 'font-semibold text-bad' : 'text-soft'}>{level}</span> {words}{' '}
      <span className="break-all text-soft">{extras.join(' ')}</span>
    </li>
  )
}
