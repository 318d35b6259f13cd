import { Act } from '#app/_components/act.tsx'
import { smallButton } from '#app/_components/small-button.ts'
import { VersionRow, VersionRows } from '#app/_components/version-rows.tsx'
import { personas as area } from '#app/_i18n/personas.ts'
import { wordsOf } from '#app/_i18n/words-of.ts'
import type { PastPersona } from '#app/_server/personas.ts'
import { restoreVersion } from '#app/(home)/home/personas/actions.ts'
import { personaFilePath } from '#app/(home)/home/personas/persona-path.ts'

/** Versions that were replaced or deleted, each with a way to look at it and a way back. */
export async function PastPersonas({ id, history, now }: { id: string; history: PastPersona[]; now: number }) {
  const words = await wordsOf(area)
  if (history.length === 0) return null
  return (
    <VersionRows>
      {history.map((past) => (
        <VersionRow key={past.version} past={past} now={now}>
          <a
            href={personaFilePath(id, past.version)}
            className={smallButton.quiet}
            aria-label={words.downloadOf(id, past.version)}
          >
            {words.download}
          </a>
          <Act
            action={restoreVersion.bind(null, { id, version: past.version })}
            done={words.history.restored(past.version)}
            label={words.history.restoreOf(past.version)}
          >
            {words.history.restore}
          </Act>
        </VersionRow>
      ))}
    </VersionRows>
  )
}
