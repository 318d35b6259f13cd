import Link from 'next/link'
import { Ago } from '#app/_components/ago.tsx'
import { BadBadge } from '#app/_components/badge.tsx'
import { formatSize } from '#app/_components/format-size.ts'
import { overview } from '#app/_i18n/overview.ts'
import { personas as area } from '#app/_i18n/personas.ts'
import { languageOfPage, wordsOf } from '#app/_i18n/words-of.ts'
import type { Overview } from '#app/_server/home.ts'
import { KeptRow, KeptRows } from './kept-rows.tsx'
import { personaPath } from './personas/persona-path.ts'

type Props = { personas: Overview['personas']['newest']; total: number; now: number }

/** The personas that were saved last. */
export async function KeptPersonas({ personas, total, now }: Props) {
  const words = (await wordsOf(overview)).personas
  const { damaged } = await wordsOf(area)
  const language = await languageOfPage()
  if (total === 0) return <p className="mt-2 text-soft">{words.empty}</p>
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
            {isDamaged ? <BadBadge>{damaged}</BadBadge> : null} <Ago at={updatedAt} now={now} />
            {' · '}
            {formatSize(size, language)}
          </KeptRow>
        ))}
      </KeptRows>
      {total > personas.length ? (
        <p className="mt-2 text-sm">
          <Link href="/home/personas" prefetch={false} className="text-ember underline underline-offset-4">
            {words.more(total)}
          </Link>
        </p>
      ) : null}
    </>
  )
}
