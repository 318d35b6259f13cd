'use client'

import { Card } from '#app/_components/card.tsx'
import { placeFields } from '#app/_i18n/place-fields.ts'
import { storage } from '#app/_i18n/storage.ts'
import { useWords } from '#app/_i18n/use-words.ts'
import type { ShownMove } from '#app/_server/storage.ts'
import { PlaceForm } from '#app/(admin)/admin/place-form.tsx'
import { beginMove, tryPlace } from './actions.ts'
import { LiveMove } from './live-move.tsx'

type Props = { move: ShownMove | null; pinned: string[]; now: number }

/** Where everything could move to; or how far it is on its way. */
export function MoveCard({ move, pinned, now }: Props) {
  const { move: words } = useWords(storage)
  const fields = useWords(placeFields)
  if (move && move.phase !== 'done') return <LiveMove key={move.begunAt} initial={move} now={now} />
  return (
    <Card id="move" heading={words.heading}>
      {move ? <LastMove move={move} /> : null}
      {pinned.length > 0 ? (
        <p className="mt-2 max-w-prose break-words">{fields.refusal.pinned(pinned.join(', '))}</p>
      ) : (
        <>
          <p className="mt-2 max-w-prose text-soft">{words.lead}</p>
          <PlaceForm
            id="move-to"
            chosen={null}
            folderHint={fields.folderHint}
            test={tryPlace}
            words={words.go}
            take={beginMove}
            saidOf={({ hasBegun, isCurrent }) => (hasBegun ? (isCurrent ? words.renewed : words.begun) : null)}
          >
            <div className="mt-5">
              <label htmlFor="keep" className="block font-medium">
                {words.old}
              </label>
              <select
                id="keep"
                name="keep"
                defaultValue="7"
                className="mt-1.5 w-full rounded-xl border border-edge bg-card px-3.5 py-2.5 sm:w-auto"
              >
                <option value="7">{words.keep7}</option>
                <option value="30">{words.keep30}</option>
                <option value="0">{words.keep0}</option>
                <option value="always">{words.keepAlways}</option>
              </select>
            </div>
          </PlaceForm>
        </>
      )}
    </Card>
  )
}

function LastMove({ move: { isCancelled, switchedAt, cleared } }: { move: ShownMove }) {
  const { move: words } = useWords(storage)
  const isRemoved = cleared.removed + cleared.left > 0
  return (
    <p className="mt-2 max-w-prose">
      <span className="font-medium">{words.last}:</span>{' '}
      {isCancelled ? words.lastCancelled : isRemoved ? words.lastDone(cleared.removed) : words.lastKept}
      {switchedAt !== null && cleared.left > 0 ? ` ${words.lastLeft(cleared.left)}` : null}
    </p>
  )
}
