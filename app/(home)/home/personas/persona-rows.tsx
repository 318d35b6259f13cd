import Link from 'next/link'
import { Act } from '#app/_components/act.tsx'
import { Ago } from '#app/_components/ago.tsx'
import { BadBadge } from '#app/_components/badge.tsx'
import { formatSize } from '#app/_components/format-size.ts'
import { smallButton } from '#app/_components/small-button.ts'
import { personas as area } from '#app/_i18n/personas.ts'
import { shell } from '#app/_i18n/shell.ts'
import { languageOfPage, wordsOf } from '#app/_i18n/words-of.ts'
import type { ListedPersona } from '#app/_server/personas.ts'
import { removePersona, restoreVersion } from './actions.ts'
import { personaFilePath, personaPath } from './persona-path.ts'

/** One persona a line, with what can be done at once. */
export async function PersonaRows({ personas, now }: { personas: ListedPersona[]; now: number }) {
  const words = await wordsOf(area)
  const shared = await wordsOf(shell)
  const language = await languageOfPage()
  return (
    <ul className="divide-y divide-line">
      {personas.map(({ personaId: id, version, size, updatedAt, isDamaged }) => (
        <li key={id} className="flex flex-wrap items-center gap-x-4 gap-y-3 py-4">
          <div className="min-w-0 flex-1 basis-60">
            <Link
              href={personaPath(id)}
              prefetch={false}
              aria-label={words.open(id)}
              className="break-all font-medium underline-offset-4 hover:text-ember hover:underline"
            >
              {id}
            </Link>
            <p className="text-sm text-soft">
              {isDamaged ? <BadBadge>{words.damaged}</BadBadge> : null} <Ago at={updatedAt} now={now} /> ·{' '}
              {formatSize(size, language)} · {shared.version(version)}
            </p>
          </div>
          <div className="flex flex-wrap gap-2">
            <a
              href={personaFilePath(id, version)}
              className={smallButton.quiet}
              aria-label={words.downloadOf(id, version)}
            >
              {words.download}
            </a>
            <Act
              look="bad"
              action={removePersona.bind(null, { id, version })}
              done={words.removed}
              undo={{
                label: words.undo,
                action: restoreVersion.bind(null, { id, version }),
                done: words.broughtBack,
              }}
              label={words.removeOf(id)}
            >
              {words.remove}
            </Act>
          </div>
        </li>
      ))}
    </ul>
  )
}
