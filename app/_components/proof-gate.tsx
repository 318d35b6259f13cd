import type { ReactNode } from 'react'
import type { Member } from '#app/_server/member.ts'
import { passkeyAddress } from '#app/_server/passkey-address.ts'
import { securityOf } from '#app/_server/security.ts'
import { Guard } from './guard.tsx'

/** Around what asks a member to prove once more who they are (`useGuard`), by what they have at this address. */
export async function ProofGate({ member, children }: { member: Member; children: ReactNode }) {
  const { passkeys, hasPassword } = securityOf(member)
  const { rpId } = await passkeyAddress()
  return (
    <Guard hasPasskey={passkeys.some((passkey) => passkey.rpId === rpId)} hasPassword={hasPassword}>
      {children}
    </Guard>
  )
}
