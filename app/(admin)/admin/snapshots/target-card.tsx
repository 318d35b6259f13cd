'use client'

import { AskFirst } from '#app/_components/ask-first.tsx'
import { Card } from '#app/_components/card.tsx'
import { useGuard } from '#app/_components/guard.tsx'
import { placeFields } from '#app/_i18n/place-fields.ts'
import { snapshots } from '#app/_i18n/snapshots.ts'
import { useWords } from '#app/_i18n/use-words.ts'
import type { SnapshotsOverview } from '#app/_server/snapshots.ts'
import { PlaceForm } from '#app/(admin)/admin/place-form.tsx'
import { chooseTarget, stopSnapshots, tryTarget } from './actions.ts'

type Props = Pick<SnapshotsOverview, 'target' | 'pinned'>

/** Where snapshots go, and where else they could. */
export function TargetCard({ target, pinned }: Props) {
  const { target: words } = useWords(snapshots)
  const fields = useWords(placeFields)
  const guard = useGuard()
  const form = (
    <PlaceForm
      key={target?.name}
      id="target"
      chosen={target && chosenOf(target.place)}
      folderHint={fields.targetHint}
      test={tryTarget}
      words={words.choose}
      take={chooseTarget}
      saidOf={({ isChosen }) => (isChosen ? words.chosen : null)}
    />
  )
  return (
    <Card id="target-heading" heading={words.heading}>
      <p className="mt-2 max-w-prose text-soft">{words.lead}</p>
      <p className="mt-3 break-all font-medium">{target ? target.name : words.none}</p>
      {pinned.length > 0 ? <p className="mt-2 break-words">{fields.refusal.pinned(pinned.join(', '))}</p> : null}
      {pinned.length > 0 ? null : target ? (
        <>
          <details className="mt-3">
            <summary className="cursor-pointer font-medium hover:text-ember">{words.change}</summary>
            {form}
          </details>
          <div className="mt-4">
            <AskFirst
              words={words.stop}
              heading={words.stopHeading}
              action={() => guard(stopSnapshots)}
              done={words.stopped}
            >
              <p>{words.stopText}</p>
            </AskFirst>
          </div>
        </>
      ) : (
        form
      )}
    </Card>
  )
}

function chosenOf(place: NonNullable<Props['target']>['place']) {
  return place.kind === 'folder' ? { kind: 'disk' as const, folder: place.folder } : place
}
