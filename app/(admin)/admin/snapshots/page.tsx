import { Suspense } from 'react'
import { Card } from '#app/_components/card.tsx'
import { PageHeading } from '#app/_components/page-heading.tsx'
import { ProofGate } from '#app/_components/proof-gate.tsx'
import { snapshots } from '#app/_i18n/snapshots.ts'
import { titled, wordsOf } from '#app/_i18n/words-of.ts'
import { requireAdmin } from '#app/_server/admin.ts'
import { snapshotsOf } from '#app/_server/snapshots.ts'
import { KeptList } from './kept-list.tsx'
import { KitCard } from './kit-card.tsx'
import { RestoreCard } from './restore-card.tsx'
import { StateCard } from './state-card.tsx'
import { TargetCard } from './target-card.tsx'

export const generateMetadata = titled(snapshots)

/** Copies of the whole server: where they go, what opens them, what there is, and the way back. */
export default async function SnapshotsPage() {
  const admin = await requireAdmin()
  const words = await wordsOf(snapshots)
  const overview = await snapshotsOf(admin)
  return (
    <>
      <PageHeading lead={words.lead}>{words.title}</PageHeading>
      <ProofGate member={admin}>
        <div className="grid grid-cols-1 gap-6">
          <StateCard overview={overview} />
          <TargetCard target={overview.target} pinned={overview.pinned} />
          <KitCard
            madeAt={overview.key?.madeAt ?? null}
            keyId={overview.key?.id ?? null}
            hostname={overview.hostname}
            from={overview.target ? fromOf(overview.target.place) : null}
            now={overview.now}
          />
          {overview.target && overview.key ? (
            <Card id="kept" heading={words.list.heading}>
              <Suspense fallback={<p className="mt-2 min-h-24 text-soft">{words.list.loading}</p>}>
                <KeptList admin={admin} newest={overview.drill} now={overview.now} />
              </Suspense>
            </Card>
          ) : null}
          <RestoreCard from={overview.target ? fromOf(overview.target.place) : null} />
        </div>
      </ProofGate>
    </>
  )
}

/** As `hearthkeep restore --from` wants it. */
function fromOf(place: NonNullable<Awaited<ReturnType<typeof snapshotsOf>>['target']>['place']): string {
  if (place.kind === 'folder') return place.folder
  return `s3://${[place.bucket, place.prefix.replace(/^\/+|\/+$/g, '')].filter(Boolean).join('/')}`
}
