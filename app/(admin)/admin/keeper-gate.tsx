import type { ReactNode } from 'react'
import type { Admin } from '#app/_server/admin.ts'
import { passkeyAddress } from '#app/_server/passkey-address.ts'
import { securityOf } from '#app/_server/security.ts'
import { ProofGate } from '#app/(home)/home/security/proof-gate.tsx'

/** Around what asks a keeper to prove once more who they are. */
export async function KeeperGate({ admin, children }: { admin: Admin; children: ReactNode }) {
  const { passkeys, hasPassword } = securityOf(admin)
  const { rpId } = await passkeyAddress()
  return (
    <ProofGate hasPasskey={passkeys.some((passkey) => passkey.rpId === rpId)} hasPassword={hasPassword}>
      {children}
    </ProofGate>
  )
}
