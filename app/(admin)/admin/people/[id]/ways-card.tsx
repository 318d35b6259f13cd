'use client'

import { useState } from 'react'
import { Ago } from '#app/_components/ago.tsx'
import { AskFirst } from '#app/_components/ask-first.tsx'
import { Card } from '#app/_components/card.tsx'
import { useGuard } from '#app/_components/guard.tsx'
import { people } from '#app/_i18n/people.ts'
import { useWords } from '#app/_i18n/use-words.ts'
import type { IssuedLink, ListedPerson, OnePerson } from '#app/_server/people.ts'
import { makeResetLink, removePasskey, signOutEverywhere } from '#app/(admin)/admin/people/actions.ts'
import { Handout } from '#app/(admin)/admin/people/handout.tsx'

type Props = Pick<OnePerson, 'ways' | 'now'> & { person: Pick<ListedPerson, 'id' | 'name' | 'door'> }

/** How somebody gets in, and what a keeper can do when that was lost, or is in the wrong hands. */
export function WaysCard({ ways, person: { id, name, door }, now }: Props) {
  const all = useWords(people)
  const words = all.person.ways
  const guard = useGuard()
  const [made, setMade] = useState<IssuedLink | null>(null)

  async function reset() {
    const outcome = await guard(() => makeResetLink(id))
    if (outcome.ok) setMade(outcome.value)
    return outcome
  }

  return (
    <Card id="ways" heading={words.heading}>
      <p className="mt-1 max-w-prose text-soft">
        {words.password(ways.hasPassword)} {words.codes(ways.recovery.left)} {words.sessions(ways.sessions)}
      </p>
      {ways.passkeys.length > 0 ? (
        <>
          <h3 className="mt-4 font-semibold">{words.passkeys}</h3>
          <ul className="mt-1 divide-y divide-line">
            {ways.passkeys.map(({ credentialId, label, lastUsedAt }) => (
              <li key={credentialId} className="flex flex-wrap items-center justify-between gap-x-6 gap-y-2 py-3">
                <div className="min-w-0">
                  <p className="break-words font-medium">{label}</p>
                  <p className="text-sm text-soft">
                    {lastUsedAt === null ? (
                      words.passkeyUnused
                    ) : (
                      <>
                        {words.passkeyUsed} <Ago at={lastUsedAt} now={now} />
                      </>
                    )}
                  </p>
                </div>
                <AskFirst
                  words={words.remove}
                  label={words.removeOf(label)}
                  heading={words.removeHeading(label)}
                  action={() => guard(() => removePasskey(id, credentialId))}
                  done={words.removed}
                >
                  <p>{words.removeText}</p>
                </AskFirst>
              </li>
            ))}
          </ul>
        </>
      ) : null}
      {door === 'open' ? (
        <div className="mt-4 flex flex-wrap gap-3">
          <AskFirst
            words={words.reset}
            heading={words.resetHeading(name)}
            look="quiet"
            action={reset}
            done={words.resetDone}
          >
            <p>{words.resetText}</p>
          </AskFirst>
          <AskFirst
            words={words.signOut}
            heading={words.signOutHeading(name)}
            action={() => signOutEverywhere(id)}
            done={words.signedOut}
          >
            <p>{words.signOutText}</p>
          </AskFirst>
        </div>
      ) : null}
      {made && door === 'open' ? (
        <Handout
          key={made.link}
          heading={all.sheet.reset.heading(name)}
          lead={all.sheet.reset.once(made.minutes)}
          link={made.link}
          message={all.sheet.reset.message(made.link, made.minutes)}
          onClose={() => setMade(null)}
        />
      ) : null}
    </Card>
  )
}
