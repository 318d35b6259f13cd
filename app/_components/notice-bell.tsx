import { notices } from '#app/_i18n/notices.ts'
import { wordsOf } from '#app/_i18n/words-of.ts'
import { currentMember } from '#app/_server/member.ts'
import { countNoticesOf } from '#app/_server/notices.ts'
import { Icon } from './icon.tsx'

const mostSaid = 99

/** How many notices wait on the first page; nothing when none do. */
export async function NoticeBell() {
  const member = await currentMember()
  const count = member ? countNoticesOf(member) : 0
  if (count === 0) return null
  const words = await wordsOf(notices)
  return (
    <a
      href="/home#notices"
      className="inline-flex shrink-0 items-center gap-1 rounded-full border border-ember px-2 py-0.5 text-sm font-medium text-ember hover:bg-card lg:ml-3"
    >
      <Icon name="bell" className="size-4" />
      <span aria-hidden="true">{count > mostSaid ? `${mostSaid}+` : count}</span>
      <span className="sr-only">{words.count(count)}</span>
    </a>
  )
}
