import type { ReactNode } from 'react'
import { MemberShell } from '#app/_components/member-shell.tsx'
import { requireAdmin } from '#app/_server/admin.ts'
import { keeperSections, ownSections } from './sections.ts'

/** Around the pages of those who keep this server; for others there is nothing here. */
export default async function AdminLayout({ children }: { children: ReactNode }) {
  const { name } = await requireAdmin()
  return (
    <MemberShell name={name} start="/admin" groups={[keeperSections, ownSections]}>
      {children}
    </MemberShell>
  )
}
