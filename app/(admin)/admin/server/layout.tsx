import type { ReactNode } from 'react'
import { requireAdmin } from '#app/_server/admin.ts'
import { passkeyAddress } from '#app/_server/passkey-address.ts'
import { securityOf } from '#app/_server/security.ts'
import { ProofGate } from '#app/(home)/home/security/proof-gate.tsx'

/** Whoever changes the server proves who they are; the pages alone can be looked at. */
export default async function ServerLayout({ children }: { children: ReactNode }) {
  const admin = await requireAdmin()
  const { passkeys, hasPassword } = securityOf(admin)
  const { rpId } = await passkeyAddress()
  return (
    <ProofGate hasPasskey={passkeys.some((passkey) => passkey.rpId === rpId)} hasPassword={hasPassword}>
      {children}
    </ProofGate>
  )
}
