'use client'

import { useRouter } from 'next/navigation'
import { Ago } from '#app/_components/ago.tsx'
import { Card } from '#app/_components/card.tsx'
import { backups } from '#app/_i18n/backups.ts'
import { useWords } from '#app/_i18n/use-words.ts'
import type { Factor } from '#client/surfaces/factors/wire.ts'
import { AskWork } from './ask-work.tsx'
import { useShelf } from './shelf.tsx'
import type { KnownWays } from './ways-card.tsx'

/** Which devices store versions; any of them may remove any other. */
export function DeviceCard(known: KnownWays) {
  const words = useWords(backups).devices
  return (
    <Card id="devices" heading={words.heading}>
      <p className="mt-1 text-soft">{words.lead}</p>
      <ul className="mt-2 divide-y divide-line">
        {known.metadata.syncFactors.map((factor) => (
          <DeviceRow key={factor.id} factor={factor} known={known} />
        ))}
      </ul>
    </Card>
  )
}

function DeviceRow({ factor, known }: { factor: Factor; known: KnownWays }) {
  const words = useWords(backups).devices
  const { shown, dropKept, go } = useShelf()
  const router = useRouter()
  const { device, listed, setMetadata } = known
  const about = listed?.factors.find(({ id }) => id === factor.id)
  const isThis = factor.kind.kind === 'EC_KEYPAIR' && factor.kind.publicKey === device.signing.publicKey
  const name = about?.label ?? (isThis ? shown.deviceName : null) ?? words.nameless

  async function remove() {
    const crypto = await import('#app/_crypto/sealed-backups.ts')
    const left = await crypto.removeFactor(crypto.clientOfPage(), device, factor.id, { scope: 'SYNC' })
    if (isThis) {
      go(null)
      await dropKept(device.backupId)
    } else if (left) setMetadata(left)
    router.refresh()
  }

  return (
    <li className="flex flex-wrap items-center justify-between gap-x-6 gap-y-3 py-4">
      <div className="min-w-0 flex-1 basis-60">
        <p className="break-words font-medium">
          {name}
          {isThis ? <span className="font-normal text-soft"> · {words.thisOne}</span> : null}
        </p>
        <p className="text-sm text-soft">
          {words.added} <Ago at={factor.createdAt * 1000} now={shown.now} />
          {about?.lastUsedAt ? (
            <>
              , {words.used} <Ago at={about.lastUsedAt} now={shown.now} />
            </>
          ) : null}
        </p>
      </div>
      <AskWork
        words={words.remove}
        label={words.removeOf(name)}
        heading={words.removeHeading(name)}
        work={remove}
        done={words.removed}
      >
        <p>{isThis ? words.removeThis : words.removeText}</p>
      </AskWork>
    </li>
  )
}
