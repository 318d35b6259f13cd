'use client'

import { useRouter } from 'next/navigation'
import { useState } from 'react'
import { Ago } from '#app/_components/ago.tsx'
import { BadBadge } from '#app/_components/badge.tsx'
import { Card } from '#app/_components/card.tsx'
import { Icon } from '#app/_components/icon.tsx'
import { smallButton } from '#app/_components/small-button.ts'
import { backups } from '#app/_i18n/backups.ts'
import { useWords } from '#app/_i18n/use-words.ts'
import { isFactorError } from '#client/surfaces/factors/errors.ts'
import type { BackupMetadata, Factor } from '#client/surfaces/factors/wire.ts'
import { AddWay } from './add-way.tsx'
import { AskWork } from './ask-work.tsx'
import type { Known } from './backup-page.tsx'
import { useShelf } from './shelf.tsx'
import { TryWay } from './try-way.tsx'
import { useNameOfWay } from './use-name-of-way.ts'
import { canDecrypt } from './ways.ts'

export type KnownWays = Known & { metadata: BackupMetadata }

/** Every way to open the backup: tried or not, removed if it is not the last, and more of them. */
export function WaysCard(known: KnownWays) {
  const words = useWords(backups).ways
  const { factors } = known.metadata
  const [isAdding, setAdding] = useState(false)
  return (
    <Card id="ways" heading={words.heading}>
      <p className="mt-1 text-soft">{words.lead}</p>
      {factors.length === 1 ? (
        <p className="mt-3 flex items-start gap-2 rounded-xl border border-ember px-4 py-3">
          <Icon name="warning" className="mt-0.5 size-5 text-ember" /> <span>{words.one}</span>
        </p>
      ) : null}
      <ul className="mt-2 divide-y divide-line">
        {factors.map((factor) => (
          <WayRow key={factor.id} factor={factor} known={known} />
        ))}
      </ul>
      {isAdding ? (
        <AddWay known={known} onClose={() => setAdding(false)} />
      ) : (
        <button type="button" className={`mt-3 ${smallButton.main}`} onClick={() => setAdding(true)}>
          {words.add}
        </button>
      )}
    </Card>
  )
}

function WayRow({ factor, known }: { factor: Factor; known: KnownWays }) {
  const words = useWords(backups).ways
  const nameOf = useNameOfWay()
  const { now } = useShelf().shown
  const { metadata, listed, device } = known
  const { id, createdAt } = factor
  const name = nameOf(factor, metadata)
  const lastUsedAt = listed?.factors.find((one) => one.id === id)?.lastUsedAt ?? null
  const provenAt = device.proven[id]
  return (
    <li className="flex flex-wrap items-center justify-between gap-x-6 gap-y-3 py-4">
      <div className="min-w-0 flex-1 basis-60">
        <p className="break-words font-medium">{name}</p>
        <p className="text-sm text-soft">
          {words.added} <Ago at={createdAt * 1000} now={now} />
          {listed === null ? null : lastUsedAt === null ? (
            <>, {words.unused}</>
          ) : (
            <>
              , {words.used} <Ago at={lastUsedAt} now={now} />
            </>
          )}
        </p>
        {canDecrypt(factor, metadata) ? (
          <p className={`text-sm ${provenAt ? 'text-good' : 'text-soft'}`}>
            {provenAt ? (
              <>
                {words.proven} <Ago at={provenAt} now={now} />
              </>
            ) : (
              words.unproven
            )}
          </p>
        ) : (
          <p className="mt-1">
            <BadBadge>{words.noKey}</BadBadge>
          </p>
        )}
      </div>
      <div className="flex flex-wrap gap-2">
        <TryWay factor={factor} name={name} known={known} />
        <RemoveWay factor={factor} name={name} known={known} />
      </div>
    </li>
  )
}

function RemoveWay({ factor, name, known }: { factor: Factor; name: string; known: KnownWays }) {
  const words = useWords(backups).ways
  const nameOf = useNameOfWay()
  const router = useRouter()
  const { metadata, device, setMetadata, reload } = known
  const others = metadata.factors.filter(({ id }) => id !== factor.id)

  async function remove() {
    const crypto = await import('#app/_crypto/sealed-backups.ts')
    try {
      const left = await crypto.removeFactor(crypto.clientOfPage(), device, factor.id, { scope: 'MAIN' })
      if (left) setMetadata(left)
    } catch (error) {
      // Somebody removed the others meanwhile.
      if (isFactorError(error, 'last-main-factor')) void reload()
      throw error
    }
    router.refresh()
  }

  return (
    <AskWork
      words={words.remove}
      label={words.removeOf(name)}
      heading={words.removeHeading(name)}
      work={others.length === 0 ? null : remove}
      done={words.removed}
    >
      {others.length === 0 ? (
        <p className="font-medium">{words.removeLast}</p>
      ) : (
        <>
          <p>{words.removeText}</p>
          <p>{words.removeLeft(others.map((other) => nameOf(other, metadata)).join(', '))}</p>
        </>
      )}
    </AskWork>
  )
}
