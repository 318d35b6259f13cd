import Link from 'next/link'
import { Act } from '#app/_components/act.tsx'
import { Ago } from '#app/_components/ago.tsx'
import { Card } from '#app/_components/card.tsx'
import { Day } from '#app/_components/day.tsx'
import { personas as area } from '#app/_i18n/personas.ts'
import { wordsOf } from '#app/_i18n/words-of.ts'
import type { DeletedPersona } from '#app/_server/personas.ts'
import { restoreVersion } from './actions.ts'
import { personaPath } from './persona-path.ts'

const day = 24 * 3_600_000

type Props = { deleted: DeletedPersona[]; historyDays: number; now: number }

/** What was deleted and is still there to be brought back. */
export async function DeletedPersonas({ deleted, historyDays, now }: Props) {
  const words = await wordsOf(area)
  return (
    <Card id="deleted" heading={words.deleted.heading}>
      <p className="mt-1 text-soft">{words.deleted.lead}</p>
      <ul className="mt-2 divide-y divide-line">
        {deleted.map(({ personaId: id, last: { version, supersededAt } }) => (
          <li key={id} className="flex flex-wrap items-center justify-between gap-x-4 gap-y-2 py-3">
            <div className="min-w-0">
              <Link href={personaPath(id)} prefetch={false} className="break-all font-medium hover:text-ember">
                {id}
              </Link>
              {supersededAt === null ? null : (
                <p className="text-sm text-soft">
                  <Ago at={supersededAt} now={now} /> · {words.deleted.until}{' '}
                  <Day at={supersededAt + historyDays * day} />
                </p>
              )}
            </div>
            <Act
              action={restoreVersion.bind(null, { id, version })}
              done={words.broughtBack}
              label={words.bringBackOf(id)}
            >
              {words.bringBack}
            </Act>
          </li>
        ))}
      </ul>
    </Card>
  )
}
