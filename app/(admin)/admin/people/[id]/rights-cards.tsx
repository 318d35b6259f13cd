'use client'

import { AskFirst } from '#app/_components/ask-first.tsx'
import { Card } from '#app/_components/card.tsx'
import { formatSize } from '#app/_components/format-size.ts'
import { useGuard } from '#app/_components/guard.tsx'
import { UsageBar } from '#app/_components/usage-bar.tsx'
import { useLanguage } from '#app/_i18n/language-provider.tsx'
import { people } from '#app/_i18n/people.ts'
import { useWords } from '#app/_i18n/use-words.ts'
import type { ListedPerson } from '#app/_server/people.ts'
import { changeQuota, changeRole } from '#app/(admin)/admin/people/actions.ts'
import { isSpaceInvalid, SpaceField } from '#app/(admin)/admin/people/space-field.tsx'

type Props = { person: Pick<ListedPerson, 'id' | 'name' | 'role' | 'space'> }

export function RoleCard({ person: { id, name, role }, isYou }: Props & { isYou: boolean }) {
  const words = useWords(people).person.role
  const guard = useGuard()
  const isAdmin = role === 'admin'
  const text = isAdmin ? words.makeMemberText : words.makeAdminText
  return (
    <Card id="role" heading={words.heading}>
      <p className="mt-1 mb-4 max-w-prose text-soft">{isAdmin ? words.admin : words.member}</p>
      <AskFirst
        // Another question from now on: nothing of the one before may stay.
        key={role}
        words={isAdmin ? words.makeMember : words.makeAdmin}
        heading={isAdmin ? words.makeMemberHeading(name) : words.makeAdminHeading(name)}
        look={isAdmin ? 'bad' : 'quiet'}
        action={() => guard(() => changeRole(id, isAdmin ? 'member' : 'admin'))}
        done={words.done}
        own={{ 'account.last_admin': words.lastAdmin }}
      >
        <p>{text}</p>
        {isYou ? <p className="mt-3 font-medium">{words.ownText}</p> : null}
      </AskFirst>
    </Card>
  )
}

/** @param standardQuota  bytes that everybody has */
export function SpaceCard({ person: { id, name, space }, standardQuota }: Props & { standardQuota: number }) {
  const all = useWords(people)
  const words = all.person.space
  const language = useLanguage()
  const used = words.used(formatSize(space.used, language), formatSize(space.quota, language))
  return (
    <Card id="space" heading={words.heading}>
      <p className="mt-1">
        {used} <span className="text-soft">{space.own === null ? words.standard : words.own}</span>
      </p>
      <UsageBar used={space.used} total={space.quota} label={used} warns />
      <div className="mt-4">
        <AskFirst
          // The field shows what is set, also after it was changed.
          key={space.own}
          words={words.change}
          heading={words.changeHeading(name)}
          look="quiet"
          confirm={words.save}
          check={(form) => (isSpaceInvalid(form) ? all.space.invalid : null)}
          action={(form) => changeQuota(id, form)}
          done={words.saved}
        >
          <SpaceField
            id="space-field"
            words={all.space}
            standard={formatSize(standardQuota, language)}
            own={space.own}
          />
          <p className="mt-4 text-sm text-soft">{words.less}</p>
        </AskFirst>
      </div>
    </Card>
  )
}
