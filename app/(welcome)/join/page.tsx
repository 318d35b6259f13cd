import { redirect } from 'next/navigation'
import { CardPage } from '#app/_components/card-page.tsx'
import { join } from '#app/_i18n/join.ts'
import { titled, wordsOf } from '#app/_i18n/words-of.ts'
import { waysToJoin } from '#app/_server/join.ts'
import { currentMember } from '#app/_server/member.ts'
import { JoinForm } from './join-form.tsx'
import { Message } from './message.tsx'
import { TypeCode } from './type-code.tsx'

export const generateMetadata = titled(join)

/** Joining without a link: at once where anybody may, with a code where that is asked for. */
export default async function JoinPage() {
  if (await currentMember()) redirect('/home')
  const words = await wordsOf(join)
  const { policy, isFirst, sendsMail } = waysToJoin()
  if (policy === 'closed')
    return <Message heading={words.closed.heading} lead={words.closed.lead} href="/" link={words.closed.back} />
  if (policy === 'invite')
    return (
      <CardPage>
        <TypeCode />
      </CardPage>
    )
  return (
    <CardPage>
      <JoinForm lead={isFirst ? words.first : words.lead} invitation={null} sendsMail={sendsMail} />
    </CardPage>
  )
}
