'use client'

import { useState } from 'react'
import { Act } from '#app/_components/act.tsx'
import { Ago } from '#app/_components/ago.tsx'
import { AskFirst } from '#app/_components/ask-first.tsx'
import { Card } from '#app/_components/card.tsx'
import { useGuard } from '#app/_components/guard.tsx'
import { snapshots } from '#app/_i18n/snapshots.ts'
import { useWords } from '#app/_i18n/use-words.ts'
import type { Kit } from '#app/_server/snapshots.ts'
import { makeKit } from './actions.ts'
import { KitSheet } from './kit-sheet.tsx'

type Props = {
  madeAt: number | null
  keyId: string | null
  hostname: string
  /** As a restore wants it; null while no place is chosen. */
  from: string | null
  now: number
}

/** The key that opens snapshots: when it was made, and a new one, shown once. */
export function KitCard({ madeAt, keyId, hostname, from, now }: Props) {
  const { kit: words } = useWords(snapshots)
  const guard = useGuard()
  const [kit, setKit] = useState<Kit | null>(null)

  async function make() {
    const outcome = await guard(makeKit)
    if (outcome.ok) setKit(outcome.value)
    return outcome
  }

  return (
    <Card id="kit" heading={words.heading}>
      <p className="mt-2 max-w-prose text-soft">{words.lead}</p>
      {kit ? (
        <KitSheet kit={kit} hostname={hostname} from={from} onClose={() => setKit(null)} />
      ) : (
        <div className="mt-4 flex flex-wrap items-center justify-between gap-3">
          <p>
            {madeAt === null ? (
              words.none
            ) : (
              <>
                {words.made} <Ago at={madeAt} now={now} exact /> · {words.id} <span className="font-mono">{keyId}</span>
              </>
            )}
          </p>
          {madeAt === null ? (
            <Act look="main" action={make} done={words.ready}>
              {words.make}
            </Act>
          ) : (
            <AskFirst words={words.again} heading={words.againHeading} action={make} done={words.ready}>
              <p>{words.againText}</p>
            </AskFirst>
          )}
        </div>
      )}
    </Card>
  )
}
