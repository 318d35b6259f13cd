'use client'

import { type FormEvent, useState } from 'react'
import { Button } from '#app/_components/button.tsx'
import { Notice } from '#app/_components/notice.tsx'
import { finish } from '#app/(welcome)/setup/actions.ts'
import { Choice, Choices } from '#app/(welcome)/setup/choice.tsx'
import { Pinned } from '#app/(welcome)/setup/setup-frame-parts.tsx'
import { useSetup } from '#app/(welcome)/setup/use-setup.ts'

const policies = ['invite', 'open', 'closed'] as const
type Policy = (typeof policies)[number]

/** The keeper's decision, and the end of set-up. */
export function PeopleForm({ value, isPinned }: { value: string; isPinned: boolean }) {
  const { words, busy, trouble, answer } = useSetup()
  const { people } = words
  const [policy, setPolicy] = useState<Policy>(policies.find((one) => one === value) ?? 'invite')

  function submit(event: FormEvent<HTMLFormElement>) {
    event.preventDefault()
    void answer(() => finish(policy), '/admin/ready')
  }

  return (
    <form method="dialog" onSubmit={submit}>
      {isPinned ? (
        <Pinned>
          {people.policies[policy].label}: {words.pinned('HEARTHKEEP_REGISTRATION')}
        </Pinned>
      ) : (
        <Choices legend={people.heading}>
          {policies.map((one) => (
            <Choice
              key={one}
              name="policy"
              value={one}
              {...people.policies[one]}
              checked={policy === one}
              onChange={() => setPolicy(one)}
            />
          ))}
        </Choices>
      )}
      <div className="mt-6 rounded-xl border border-line px-4 py-3">
        <h2 className="font-medium">{people.snapshots.heading}</h2>
        <p className="mt-1 text-sm text-soft">{people.snapshots.text}</p>
      </div>
      {trouble ? <Notice>{trouble}</Notice> : null}
      <Button disabled={busy}>{busy ? people.busy : people.submit}</Button>
    </form>
  )
}
