import Link from 'next/link'
import { PageHeading } from '#app/_components/page-heading.tsx'
import { ProofGate } from '#app/_components/proof-gate.tsx'
import { security } from '#app/_i18n/security.ts'
import { titled, wordsOf } from '#app/_i18n/words-of.ts'
import { requireMember } from '#app/_server/member.ts'
import { passkeyAddress } from '#app/_server/passkey-address.ts'
import { securityOf } from '#app/_server/security.ts'
import { PasskeyCard } from './passkey-card.tsx'
import { PasswordCard } from './password-card.tsx'
import { RecoveryCard } from './recovery-card.tsx'

export const generateMetadata = titled(security)

export default async function SecurityPage() {
  const member = await requireMember()
  const words = await wordsOf(security)
  const { passkeys, hasPassword, recovery, now } = securityOf(member)
  const { rpId, elsewhere } = await passkeyAddress()
  const here = elsewhere && `${elsewhere}/home/security`
  return (
    <>
      <PageHeading lead={words.lead}>{words.title}</PageHeading>
      <ProofGate member={member}>
        <div className="grid grid-cols-1 gap-6">
          <PasskeyCard passkeys={passkeys} now={now} rpId={rpId} elsewhere={here} />
          <RecoveryCard recovery={recovery} now={now} name={member.name} />
          <PasswordCard hasPassword={hasPassword} name={member.name} />
          <p className="text-soft">
            {words.signedIn}{' '}
            <Link href="/home/devices" prefetch={false} className="text-ember underline underline-offset-4">
              {words.toDevices}
            </Link>
          </p>
        </div>
      </ProofGate>
    </>
  )
}
