import { PageHeading } from '#app/_components/page-heading.tsx'
import { ProofGate } from '#app/_components/proof-gate.tsx'
import { account } from '#app/_i18n/account.ts'
import { titled, wordsOf } from '#app/_i18n/words-of.ts'
import { accountOf } from '#app/_server/account.ts'
import { requireMember } from '#app/_server/member.ts'
import { DownloadCard } from './download-card.tsx'
import { LeaveCard } from './leave-card.tsx'
import { NamesCard } from './names-card.tsx'

export const generateMetadata = titled(account)

/** The account itself: its names, everything in it to take away, and its end. */
export default async function AccountPage() {
  const member = await requireMember()
  const words = await wordsOf(account)
  const shown = accountOf(member)
  return (
    <>
      <PageHeading lead={words.lead}>{words.title}</PageHeading>
      <ProofGate member={member}>
        <div className="grid gap-6">
          <NamesCard account={shown} />
          <DownloadCard />
          <LeaveCard name={member.name} graceDays={shown.graceDays} />
        </div>
      </ProofGate>
    </>
  )
}
