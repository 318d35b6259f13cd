import { notFound } from 'next/navigation'
import { Problem } from '#server/kit/problem.ts'
import { type Member, requireMember, requireMemberAction } from './member.ts'

/**
 * Somebody who keeps this server. Who has one may do what keepers do: functions of `_server` for them ask for it in
 * their signature.
 */
export type Admin = Member & { role: 'admin' }

/**
 * For pages; each asks for itself, because a layout is not made anew when somebody goes from page to page. As
 * `requireMember`; for members who are no admins the page does not exist.
 */
export async function requireAdmin(): Promise<Admin> {
  const member = await requireMember()
  if (!isAdmin(member)) notFound()
  return member
}

/** For server actions and route handlers. @throws as `requireMemberAction`; not_found for those who are no admins */
export async function requireAdminAction(): Promise<Admin> {
  const member = await requireMemberAction()
  if (!isAdmin(member)) throw new Problem('not_found')
  return member
}

function isAdmin(member: Member): member is Admin {
  return member.role === 'admin'
}
