import type { Metadata } from 'next'
import { PageHeading } from '#app/_components/page-heading.tsx'
import { security as words } from '#app/_i18n/en/security.ts'
import { requireMember } from '#app/_server/member.ts'
import { passkeyAddress } from '#app/_server/passkey-address.ts'
import { securityOf } from '#app/_server/security.ts'
import { PasskeyCard } from './passkey-card.tsx'
import { PasswordCard } from './password-card.tsx'
import { ProofGate } from './proof-gate.tsx'
import { RecoveryCard } from './recovery-card.tsx'
import { SessionCard } from './session-card.tsx'

export const metadata: Metadata = { title: words.title }

export default async function SecurityPage() {
  const member = await requireMember()
  const { passkeys, hasPassword, recovery, sessions, now } = securityOf(member)
  const { rpId, elsewhere } = await passkeyAddress()
  const here = elsewhere && `${elsewhere}/home/security`
  return (
    <>
      <PageHeading lead={words.lead}>{words.title}</PageHeading>
      <ProofGate hasPasskey={passkeys.some((passkey) => passkey.rpId === rpId)} hasPassword={hasPassword}>
        <div className="grid gap-6">
          <PasskeyCard passkeys={passkeys} now={now} rpId={rpId} elsewhere={here} />
          <RecoveryCard recovery={recovery} now={now} name={member.name} />
          <PasswordCard hasPassword={hasPassword} name={member.name} />
          <SessionCard sessions={sessions} now={now} />
        </div>
      </ProofGate>
    </>
  )
}
