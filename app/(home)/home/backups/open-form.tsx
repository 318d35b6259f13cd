'use client'

import { useId, useState } from 'react'
import { backups } from '#app/_i18n/backups.ts'
import { useWords } from '#app/_i18n/use-words.ts'
import type { MainFactor } from '#client/surfaces/factors/main-factor.ts'
import type { OpenedBackup } from '#client/surfaces/factors/open-backup.ts'
import { FilesList } from './files-list.tsx'
import { putOnList, useShelf } from './shelf.tsx'
import { WayIn } from './way-in.tsx'
import { everyWay } from './ways.ts'

type Props = {
  /** What is known of it; null for a backup this account has never seen. */
  known: { id: string; name: string; passkeys: string[] } | null
}

/** Open a backup in a browser that does not keep it, and keep it from now on if wanted. */
export function OpenForm({ known }: Props) {
  const words = useWords(backups)
  const { shown, putKept, setOpened, go } = useShelf()
  const id = useId()
  const [stays, setStays] = useState(true)
  const [looked, setLooked] = useState<OpenedBackup | null>(null)

  async function use(factor: MainFactor) {
    const crypto = await import('#app/_crypto/sealed-backups.ts')
    const opened = await crypto.openElsewhere(factor)
    if (!stays) return setLooked(opened)
    const { id: backupId } = opened.metadata
    const listed = shown.backups.find((backup) => backup.id === backupId)
    const name = known?.name ?? listed?.name ?? words.list.nameless(backupId)
    const device = await crypto.joinHere(opened, factor, { owner: shown.accountId, name })
    await putOnList(device)
    setOpened(backupId, opened)
    putKept(device)
    go(backupId)
  }

  if (looked) return <FilesList opened={looked} />
  return (
    <>
      <label className="mt-5 flex cursor-pointer gap-3">
        <input
          id={`${id}-stays`}
          type="checkbox"
          checked={stays}
          onChange={(event) => setStays(event.target.checked)}
          className="mt-1.5 size-4 accent-ember"
        />
        <span>
          <span className="font-medium">{words.open.stay}</span>
          <span className="block text-sm text-soft">{words.open.stayHint}</span>
        </span>
      </label>
      <WayIn
        legend={words.open.by}
        ways={everyWay}
        backupId={known?.id ?? null}
        passkeys={known?.passkeys ?? []}
        go={words.open.go}
        working={words.open.working}
        use={use}
      />
    </>
  )
}
