import type { ReactNode } from 'react'
import { ProofGate } from '#app/_components/proof-gate.tsx'
import { requireAdmin } from '#app/_server/admin.ts'

/** Whoever changes the server proves who they are; the pages alone can be looked at. */
export default async function ServerLayout({ children }: { children: ReactNode }) {
  return <ProofGate member={await requireAdmin()}>{children}</ProofGate>
}
