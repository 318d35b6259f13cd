import type { Metadata } from 'next'
import { ProofGate } from '#app/_components/proof-gate.tsx'
import { join } from '#app/_i18n/join.ts'
import { wordsOf } from '#app/_i18n/words-of.ts'
import { requireMember } from '#app/_server/member.ts'
import { passkeyAddress } from '#app/_server/passkey-address.ts'
import { securityOf } from '#app/_server/security.ts'
import { AddPasskey } from '#app/(home)/home/security/add-passkey.tsx'
import { Step } from '#app/(welcome)/join/step.tsx'

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await wordsOf(join)).passkey.title }
}

/** Right after joining: a passkey, at once or later. */
export default async function FirstPasskeyPage() {
  const member = await requireMember()
  const words = (await wordsOf(join)).passkey
  const { passkeys } = securityOf(member)
  const { rpId, elsewhere } = await passkeyAddress()
  const here = elsewhere && `${elsewhere}/join/passkey`
  const has = passkeys.length > 0
  return (
    <Step
      at={1}
      heading={words.heading}
      lead={has ? words.have : words.lead}
      next={{ href: '/join/codes', words: has ? words.next : words.skip }}
    >
      <ProofGate member={member}>
        <AddPasskey rpId={rpId} elsewhere={here} goesOnTo="/join/codes" />
      </ProofGate>
    </Step>
  )
}
