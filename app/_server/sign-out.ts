import { Problem } from '#server/kit/problem.ts'
import { closeWebSession } from '#server/people/web-session.ts'
import { house } from './house.ts'
import { currentMember } from './member.ts'
import { forgetSessionToken, isSentByOurPage } from './session-cookie.ts'

/** End the session of this browser, if there is one. @throws auth.foreign_origin */
export async function signOutMember(): Promise<void> {
  if (!(await isSentByOurPage())) throw new Problem('auth.foreign_origin')
  const member = await currentMember()
  if (member) await closeWebSession(house().ctx, member)
  await forgetSessionToken()
}
