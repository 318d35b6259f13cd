import Link from 'next/link'
import { Ago } from '#app/_components/ago.tsx'
import { BadBadge } from '#app/_components/badge.tsx'
import { formatSize } from '#app/_components/format-size.ts'
import { overview } from '#app/_i18n/en/overview.ts'
import { personas as words } from '#app/_i18n/en/personas.ts'
import type { Overview } from '#app/_server/home.ts'
import { KeptRow, KeptRows } from './kept-rows.tsx'
import { personaPath } from './personas/persona-path.ts'

type Props = { personas: Overview['personas']['newest']; total: number; now: number }

/** The personas that were saved last. */
export function KeptPersonas({ personas, total, now }: Props) {
  if (total === 0) return <p className="mt-2 text-soft">{overview.personas.empty}</p>
  return (
    <>
      <KeptRows>
        {personas.map(({ personaId, updatedAt, size, isDamaged }) => (
          <KeptRow
            key={personaId}
            name={
              <Link
                href={personaPath(personaId)}
                prefetch={false}
                className="break-all hover:text-ember hover:underline"
              >
                {personaId}
              </Link>
            }
          >
            {isDamaged ? <BadBadge>{words.damaged}</BadBadge> : null} <Ago at={updatedAt} now={now} />
            {' · '}
            {formatSize(size)}
          </KeptRow>
        ))}
      </KeptRows>
      {total > personas.length ? (
        <p className="mt-2 text-sm">
          <Link href="/home/personas" prefetch={false} className="text-ember underline underline-offset-4">
            {overview.personas.more(total)}
          </Link>
        </p>
      ) : null}
    </>
  )
}
