import { headers } from 'next/headers'
import { redirect } from 'next/navigation'
import { cache } from 'react'
import { Problem } from '#server/kit/problem.ts'
import { readLeavingSession, readWebSession, type WebActor } from '#server/people/web-session.ts'
import { house } from './house.ts'
import { isSentByOurPage, readSessionToken } from './session-cookie.ts'

/** Somebody signed in to the pages: account, name to show, role, and the session in use. */
export type Member = WebActor

/** Who is signed in; looked up once a request, so that signing out elsewhere takes effect at once. */
export const currentMember: () => Promise<Member | null> = cache(async () => {
  const token = await readSessionToken()
  return token === null ? null : readWebSession(house().ctx, token)
})

async function isLeaver(): Promise<boolean> {
  const token = await readSessionToken()
  return token !== null && readLeavingSession(house().ctx, token) !== null
}

/** For pages. Redirects to `/sign-in?next=…` when nobody is signed in, to `/leaving` whoever is about to be deleted. */
export async function requireMember(): Promise<Member> {
  const member = await currentMember()
  if (member) return member
  // Their session opens nothing but the way back.
  if (await isLeaver()) redirect('/leaving')
  const path = (await headers()).get('x-hearthkeep-path') ?? '/home'
  redirect(`/sign-in?next=${encodeURIComponent(path)}`)
}

/**
 * For server actions and route handlers that change something.
 *
 * @throws auth.foreign_origin unless a page of ours sent the request, auth.signed_out when nobody is signed in any
 *   more; `outcomeOf` makes an answer of either
 */
export async function requireMemberAction(): Promise<Member> {
  await requireOurPage()
  const member = await currentMember()
  if (!member) throw new Problem('auth.signed_out')
  return member
}

/**
 * For server actions of people who have not signed in yet: a stranger's page must not sign anybody in either.
 *
 * @throws auth.foreign_origin
 */
export async function requireOurPage(): Promise<void> {
  if (!(await isSentByOurPage())) throw new Problem('auth.foreign_origin')
}
