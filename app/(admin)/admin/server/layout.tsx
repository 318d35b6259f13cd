import type { ReactNode } from 'react'
import { requireAdmin } from '#app/_server/admin.ts'
import { KeeperGate } from '#app/(admin)/admin/keeper-gate.tsx'

/** Whoever changes the server proves who they are; the pages alone can be looked at. */
export default async function ServerLayout({ children }: { children: ReactNode }) {
  return <KeeperGate admin={await requireAdmin()}>{children}</KeeperGate>
}
