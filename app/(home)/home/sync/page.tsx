import { EmptyState } from '#app/_components/empty-state.tsx'
import { PageHeading } from '#app/_components/page-heading.tsx'
import { ProofGate } from '#app/_components/proof-gate.tsx'
import { sync } from '#app/_i18n/sync.ts'
import { titled, wordsOf } from '#app/_i18n/words-of.ts'
import { requireMember } from '#app/_server/member.ts'
import { syncKeysOf } from '#app/_server/sync.ts'
import { KeyCard } from './key-card.tsx'
import { LinkCard } from './link-card.tsx'

export const generateMetadata = titled(sync)

/** The member's keys of the operation log, and how one comes here. */
export default async function SyncPage() {
  const member = await requireMember()
  const words = await wordsOf(sync)
  const { keys, now } = syncKeysOf(member)
  return (
    <>
      <PageHeading lead={words.lead}>{words.title}</PageHeading>
      <ProofGate member={member}>
        <div className="grid gap-6">
          {keys.length === 0 ? (
            <EmptyState icon="sync" heading={words.empty.heading}>
              {words.empty.text}
            </EmptyState>
          ) : (
            keys.map((key) => <KeyCard key={key.id} syncKey={key} now={now} />)
          )}
          <LinkCard keys={keys.length} />
        </div>
      </ProofGate>
    </>
  )
}
