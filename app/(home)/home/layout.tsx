import type { ReactNode } from 'react'
import { MemberShell } from '#app/_components/member-shell.tsx'
import { requireMember } from '#app/_server/member.ts'
import { keeperSections, keptSections, ownSections } from './sections.ts'

/** Around a member's own pages. */
export default async function HomeLayout({ children }: { children: ReactNode }) {
  const { name, role } = await requireMember()
  const own = role === 'admin' ? [...ownSections, ...keeperSections] : ownSections
  return (
    <MemberShell name={name} start="/home" groups={[keptSections, own]}>
      {children}
    </MemberShell>
  )
}
