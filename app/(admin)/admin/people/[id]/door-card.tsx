'use client'

import { AskFirst } from '#app/_components/ask-first.tsx'
import { Card } from '#app/_components/card.tsx'
import { Day } from '#app/_components/day.tsx'
import { Field } from '#app/_components/field.tsx'
import { useGuard } from '#app/_components/guard.tsx'
import { people } from '#app/_i18n/people.ts'
import { useWords } from '#app/_i18n/use-words.ts'
import type { ListedPerson, OnePerson } from '#app/_server/people.ts'
import { deleteAccount, letIn, shutOut } from '#app/(admin)/admin/people/actions.ts'

type Person = Pick<ListedPerson, 'id' | 'name' | 'door' | 'disabledAt' | 'deleteAt' | 'shutByKeeper'>
type Props = Pick<OnePerson, 'graceDays' | 'openInvitations' | 'policy'> & { person: Person }

/** The door of an account: open, shut, or shut to be deleted. */
export function DoorCard({ person, graceDays, openInvitations, policy }: Props) {
  const words = useWords(people).person.door
  const { id, name, door, disabledAt, deleteAt, shutByKeeper } = person
  const guard = useGuard()
  const loopholes = <Loopholes openInvitations={openInvitations} policy={policy} />
  return (
    <Card id="door" heading={words.heading}>
      <div className="mt-1 mb-4 max-w-prose text-soft">
        {door === 'open' ? <p>{words.lead}</p> : null}
        {door === 'disabled' && disabledAt !== null ? (
          <p>
            {words.disabledSince} <Day at={disabledAt} />. {words.disabledText}
          </p>
        ) : null}
        {door === 'leaving' && deleteAt !== null ? (
          <p className="text-bad">
            {shutByKeeper ? words.leavingByKeeper : words.leavingBySelf} <Day at={deleteAt} />.
          </p>
        ) : null}
        <p className="mt-2 text-sm">{words.sealed}</p>
      </div>
      {/* Each question is asked anew once the door has moved. */}
      <div key={`${door} ${shutByKeeper}`} className="flex flex-wrap gap-3">
        {door === 'open' ? (
          <ShutOut name={name} words={words.disable} action={() => guard(() => shutOut(id))}>
            {loopholes}
          </ShutOut>
        ) : (
          <AskFirst
            words={door === 'leaving' ? words.keep : words.enable}
            heading={door === 'leaving' ? words.keepHeading(name) : words.enable}
            look="main"
            action={() => guard(() => letIn(id))}
            done={door === 'leaving' ? words.kept : words.enabled}
          >
            <p>{words.keepText}</p>
          </AskFirst>
        )}
        {door === 'leaving' ? (
          <ShutOut name={name} words={words.justShut} action={() => guard(() => shutOut(id))}>
            {loopholes}
          </ShutOut>
        ) : (
          <Delete name={name} graceDays={graceDays} action={(form) => guard(() => deleteAccount(id, form))} />
        )}
      </div>
    </Card>
  )
}

type Ask = Parameters<typeof AskFirst>[0]

function ShutOut({ name, ...ask }: { name: string } & Pick<Ask, 'words' | 'action' | 'children'>) {
  const words = useWords(people).person
  return (
    <AskFirst
      {...ask}
      heading={words.door.disableHeading(name)}
      done={words.door.disabled}
      own={{ 'account.last_admin': words.role.lastAdmin }}
    >
      <p>{words.door.disableText}</p>
      {ask.children}
    </AskFirst>
  )
}

function Delete({ name, graceDays, action }: { name: string; graceDays: number } & Pick<Ask, 'action'>) {
  const { door: words, role } = useWords(people).person
  return (
    <AskFirst
      words={words.delete}
      heading={words.deleteHeading(name)}
      action={action}
      done={words.deleted}
      own={{ 'account.last_admin': role.lastAdmin, 'input.invalid': words.mismatch }}
    >
      <p>{graceDays > 0 ? words.deleteText(graceDays) : words.deleteAtOnce}</p>
      <p className="mt-2 font-medium">{words.deleteFirst}</p>
      <Field
        id="typed-name"
        name="typed"
        type="text"
        label={words.type(name)}
        autoComplete="off"
        autoCapitalize="none"
        spellCheck={false}
        maxLength={320}
        required
      />
    </AskFirst>
  )
}

/** By which somebody who is shut out may come back as somebody else. */
function Loopholes({ openInvitations, policy }: Pick<OnePerson, 'openInvitations' | 'policy'>) {
  const words = useWords(people).person.door
  if (policy === 'open') return <p className="mt-3 font-medium">{words.anybodyJoins}</p>
  if (policy === 'closed' || openInvitations === 0) return null
  return <p className="mt-3 font-medium">{words.openInvitations(openInvitations)}</p>
}
