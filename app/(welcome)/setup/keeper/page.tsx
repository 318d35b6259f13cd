import type { Metadata } from 'next'
import { ProofGate } from '#app/_components/proof-gate.tsx'
import { setup as area } from '#app/_i18n/setup.ts'
import { wordsOf } from '#app/_i18n/words-of.ts'
import { currentMember } from '#app/_server/member.ts'
import { passkeyAddress } from '#app/_server/passkey-address.ts'
import { requireSetup, setupFacts } from '#app/_server/setup.ts'
import { AddPasskey } from '#app/(home)/home/security/add-passkey.tsx'
import { SetupFrame } from '#app/(welcome)/setup/setup-frame.tsx'
import { GoOn } from '#app/(welcome)/setup/setup-frame-parts.tsx'
import { KeeperForm } from './keeper-form.tsx'

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await wordsOf(area)).keeper.title }
}

const next = '/setup/name'

/** The account of whoever looks after this server; then a passkey for it. */
export default async function KeeperPage() {
  const setup = await requireSetup('keeper')
  const words = await wordsOf(area)
  const { heading, lead, passkey } = words.keeper
  if (setup.keeper === null)
    return (
      <SetupFrame setup={setup} step="keeper" heading={heading} lead={lead}>
        <KeeperForm hasAccounts={setupFacts().hasAccounts} />
      </SetupFrame>
    )
  const member = await currentMember()
  if (member?.role !== 'admin')
    return (
      <SetupFrame setup={setup} step="keeper" heading={heading} lead={passkey.signedOut(setup.keeper)}>
        <GoOn href={next}>{words.go}</GoOn>
      </SetupFrame>
    )
  const { rpId, elsewhere } = await passkeyAddress()
  return (
    <SetupFrame setup={setup} step="keeper" heading={passkey.heading} lead={passkey.lead(member.name)}>
      <div className="mt-5">
        <ProofGate member={member}>
          <AddPasskey rpId={rpId} elsewhere={elsewhere && `${elsewhere}/setup/keeper`} goesOnTo={next} />
        </ProofGate>
      </div>
      <p className="mt-4 text-sm text-soft">{passkey.later}</p>
      <GoOn href={next}>{words.go}</GoOn>
    </SetupFrame>
  )
}
