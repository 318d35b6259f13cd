import type { Metadata } from 'next'
import { ProofGate } from '#app/_components/proof-gate.tsx'
import { join } from '#app/_i18n/join.ts'
import { wordsOf } from '#app/_i18n/words-of.ts'
import { requireMember } from '#app/_server/member.ts'
import { securityOf } from '#app/_server/security.ts'
import { Step } from '#app/(welcome)/join/step.tsx'
import { FirstCodes } from './first-codes.tsx'

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await wordsOf(join)).codes.title }
}

/** Right after joining: recovery codes, at once or later. */
export default async function FirstCodesPage() {
  const member = await requireMember()
  const words = (await wordsOf(join)).codes
  const { recovery } = securityOf(member)
  const has = recovery.left > 0
  return (
    <Step
      at={2}
      heading={words.heading}
      lead={words.lead}
      next={{ href: '/home', words: has ? words.next : words.skip }}
    >
      <ProofGate member={member}>
        <FirstCodes name={member.name} has={has} />
      </ProofGate>
    </Step>
  )
}
