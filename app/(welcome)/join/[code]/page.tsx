import { CardPage } from '#app/_components/card-page.tsx'
import { join } from '#app/_i18n/join.ts'
import { titled, wordsOf } from '#app/_i18n/words-of.ts'
import { lookAtInvitation, waysToJoin } from '#app/_server/join.ts'
import { currentMember } from '#app/_server/member.ts'
import { outcomeOf } from '#app/_server/outcome.ts'
import { JoinForm } from '#app/(welcome)/join/join-form.tsx'
import { Message } from '#app/(welcome)/join/message.tsx'

export const generateMetadata = titled(join)

/** An invitation, opened by its link. */
export default async function InvitationPage({ params }: { params: Promise<{ code: string }> }) {
  const words = await wordsOf(join)
  const member = await currentMember()
  if (member)
    return (
      <Message
        heading={words.member.heading}
        lead={words.member.lead(member.name)}
        href="/home"
        link={words.member.home}
      />
    )
  const code = readCode((await params).code)
  const opened = await outcomeOf(() => lookAtInvitation(code))
  // Nothing is wrong with the invitation then: the page is (`error.tsx`).
  if (!opened.ok && opened.code === 'server.failed') throw new Error('The invitation could not be looked up')
  if (!opened.ok && opened.code === 'rate.limited') return <Message {...words.waiting} />
  if (!opened.ok && opened.code === 'auth.registration_closed')
    return <Message heading={words.closed.heading} lead={words.closed.lead} href="/" link={words.closed.back} />
  if (!opened.ok)
    return (
      <Message heading={words.refused.heading} lead={words.refused.lead} href="/join" link={words.refused.another} />
    )
  const { from, role } = opened.value
  return (
    <CardPage>
      <JoinForm
        lead={from === null ? words.invited : words.invitedBy(from)}
        note={role === 'admin' ? words.admin : null}
        invitation={code}
        sendsMail={waysToJoin().sendsMail}
      />
    </CardPage>
  )
}

/** Next hands path segments on as they stand in the address. */
function readCode(segment: string): string {
  try {
    return decodeURIComponent(segment).slice(0, 100)
  } catch {
    return ''
  }
}
