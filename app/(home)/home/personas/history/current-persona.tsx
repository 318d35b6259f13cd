import { Act } from '#app/_components/act.tsx'
import { Ago } from '#app/_components/ago.tsx'
import { BadBadge } from '#app/_components/badge.tsx'
import { Card } from '#app/_components/card.tsx'
import { formatSize } from '#app/_components/format-size.ts'
import { smallButton } from '#app/_components/small-button.ts'
import { personas as area } from '#app/_i18n/personas.ts'
import { shell } from '#app/_i18n/shell.ts'
import { languageOfPage, wordsOf } from '#app/_i18n/words-of.ts'
import type { ListedPersona } from '#app/_server/personas.ts'
import { removePersona, restoreVersion } from '#app/(home)/home/personas/actions.ts'
import { personaFilePath } from '#app/(home)/home/personas/persona-path.ts'

/** The version an app gets when it asks. */
export async function CurrentPersona({ persona, now }: { persona: ListedPersona; now: number }) {
  const words = await wordsOf(area)
  const shared = await wordsOf(shell)
  const { personaId: id, version, size, updatedAt, isDamaged } = persona
  return (
    <Card
      id="current"
      heading={shared.version(version)}
      end={isDamaged ? <BadBadge>{words.damaged}</BadBadge> : undefined}
    >
      {isDamaged ? <p className="mt-2 text-bad">{words.damagedHint}</p> : null}
      <p className="mt-1 break-words text-soft">
        {words.changed} <Ago at={updatedAt} now={now} exact /> · {formatSize(size, await languageOfPage())}
      </p>
      <div className="mt-4 flex flex-wrap gap-2">
        <a href={personaFilePath(id, version)} className={smallButton.main} aria-label={words.downloadOf(id, version)}>
          {words.download}
        </a>
        <Act
          look="bad"
          action={removePersona.bind(null, { id, version })}
          done={words.removed}
          undo={{ label: words.undo, action: restoreVersion.bind(null, { id, version }), done: words.broughtBack }}
        >
          {words.remove}
        </Act>
      </div>
    </Card>
  )
}
