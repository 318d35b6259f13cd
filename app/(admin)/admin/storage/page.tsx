import { PageHeading } from '#app/_components/page-heading.tsx'
import { ProofGate } from '#app/_components/proof-gate.tsx'
import { storage } from '#app/_i18n/storage.ts'
import { titled, wordsOf } from '#app/_i18n/words-of.ts'
import { requireAdmin } from '#app/_server/admin.ts'
import { storageOf } from '#app/_server/storage.ts'
import { CareCard } from './care-card.tsx'
import { MoveCard } from './move-card.tsx'
import { QuarantineCard } from './quarantine-card.tsx'
import { TimeCard } from './time-card.tsx'
import { WhereCard } from './where-card.tsx'

export const generateMetadata = titled(storage)

/** Where the bytes lie, how many, whether they are whole, and how they get somewhere else. */
export default async function StoragePage() {
  const admin = await requireAdmin()
  const words = await wordsOf(storage)
  const overview = await storageOf(admin)
  return (
    <>
      <PageHeading lead={words.lead}>{words.title}</PageHeading>
      <ProofGate member={admin}>
        <div className="grid grid-cols-1 gap-6">
          <WhereCard overview={overview} />
          <MoveCard move={overview.move} pinned={overview.pinned} now={overview.now} />
          <TimeCard samples={overview.samples} now={overview.now} />
          <CareCard overview={overview} now={overview.now} />
          <QuarantineCard objects={overview.quarantined} now={overview.now} />
        </div>
      </ProofGate>
    </>
  )
}
