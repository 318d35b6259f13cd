'use client'

import { useState } from 'react'
import { Act } from '#app/_components/act.tsx'
import { Ago } from '#app/_components/ago.tsx'
import { AskFirst } from '#app/_components/ask-first.tsx'
import { Card } from '#app/_components/card.tsx'
import { useGuard } from '#app/_components/guard.tsx'
import { security } from '#app/_i18n/security.ts'
import { useWords } from '#app/_i18n/use-words.ts'
import type { SecurityOverview } from '#app/_server/security.ts'
import { makeRecoveryCodes } from './actions.ts'
import { CodeSheet } from './code-sheet.tsx'

type Props = { recovery: SecurityOverview['recovery']; now: number; name: string }

/** How many codes are left; new ones are shown here once and are gone with the page. */
export function RecoveryCard({ recovery: { left, madeAt }, now, name }: Props) {
  const words = useWords(security).recovery
  const guard = useGuard()
  const [codes, setCodes] = useState<string[] | null>(null)

  async function make() {
    const outcome = await guard(makeRecoveryCodes)
    if (outcome.ok) setCodes(outcome.value)
    return outcome
  }

  return (
    <Card id="recovery" heading={words.heading}>
      <p className="mt-2 max-w-prose text-soft">{words.lead}</p>
      {codes ? (
        <CodeSheet codes={codes} name={name} onClose={() => setCodes(null)} />
      ) : (
        <div className="mt-4 flex flex-wrap items-center justify-between gap-3">
          <p>
            {madeAt === null ? (
              words.none
            ) : (
              <>
                {words.left(left)}{' '}
                <span className="text-soft">
                  {words.made} <Ago at={madeAt} now={now} />.
                </span>
              </>
            )}
          </p>
          {left === 0 ? (
            <Act look="main" action={make} done={words.done}>
              {words.make}
            </Act>
          ) : (
            <AskFirst words={words.again} heading={words.againHeading} look="quiet" action={make} done={words.done}>
              <p>{words.againText}</p>
            </AskFirst>
          )}
        </div>
      )}
    </Card>
  )
}
