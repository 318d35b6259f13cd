import { EmptyState } from '#app/_components/empty-state.tsx'
import { PageHeading } from '#app/_components/page-heading.tsx'
import { cloud } from '#app/_i18n/cloud.ts'
import { titled, wordsOf } from '#app/_i18n/words-of.ts'
import { slotsOf } from '#app/_server/cloud.ts'
import { requireMember } from '#app/_server/member.ts'
import { RemovedDevices } from './removed-devices.tsx'
import { SlotCard } from './slot-card.tsx'

export const generateMetadata = titled(cloud)

/** A card for every device and its backup, then what devices left behind that were removed. */
export default async function CloudPage() {
  const member = await requireMember()
  const words = await wordsOf(cloud)
  const { slots, removed, historyVersions, historyDays, now } = slotsOf(member)
  return (
    <>
      <PageHeading lead={words.lead}>{words.title}</PageHeading>
      <div className="grid grid-cols-1 gap-5">
        {slots.length === 0 ? (
          <EmptyState icon="cloud" heading={words.empty.heading}>
            {words.empty.text}
          </EmptyState>
        ) : (
          slots.map((slot) => <SlotCard key={slot.device?.id ?? 'own'} slot={slot} now={now} />)
        )}
        {slots.length > 0 ? <p className="text-sm text-soft">{words.kept(historyVersions, historyDays)}</p> : null}
        {removed.length > 0 ? <RemovedDevices removed={removed} historyDays={historyDays} now={now} /> : null}
      </div>
    </>
  )
}
