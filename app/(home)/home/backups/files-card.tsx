'use client'

import { useState } from 'react'
import { Card } from '#app/_components/card.tsx'
import { smallButton } from '#app/_components/small-button.ts'
import { backups } from '#app/_i18n/backups.ts'
import { useWords } from '#app/_i18n/use-words.ts'
import { isFactorError } from '#client/surfaces/factors/errors.ts'
import type { MainFactor } from '#client/surfaces/factors/main-factor.ts'
import type { Known } from './backup-page.tsx'
import { FilesList } from './files-list.tsx'
import { useShelf } from './shelf.tsx'
import { WayIn } from './way-in.tsx'
import { credentialIds, everyWay, offeredWays } from './ways.ts'

/** The files, once one of the ways has opened the backup. */
export function FilesCard({ device, metadata, listed, setMetadata }: Known) {
  const words = useWords(backups)
  const { opened, setOpened, putKept } = useShelf()
  const { backupId } = device
  const now = opened.get(backupId)
  /** The server handed out an older version: only if the person means it. */
  const [isOlder, setOlder] = useState(false)

  async function use(factor: MainFactor) {
    const crypto = await import('#app/_crypto/sealed-backups.ts')
    try {
      const result = await crypto.openAndNote(factor, device, { acceptOlder: isOlder })
      setOlder(false)
      setOpened(backupId, result.opened)
      setMetadata(result.opened.metadata)
      putKept(result.device)
    } catch (error) {
      if (isFactorError(error, 'rolled-back')) setOlder(true)
      throw error
    }
  }

  async function close() {
    const crypto = await import('#app/_crypto/sealed-backups.ts')
    if (now) crypto.close(now)
    setOpened(backupId, null)
  }

  if (now)
    return (
      <Card
        id="files"
        heading={words.content.heading}
        end={
          <button type="button" className={smallButton.quiet} onClick={close}>
            {words.content.close}
          </button>
        }
      >
        <FilesList opened={now} />
      </Card>
    )
  return (
    <Card id="files" heading={words.content.heading}>
      <p className="mt-1 text-soft">{words.content.closed}</p>
      {isOlder ? <p className="mt-3">{words.content.older}</p> : null}
      <WayIn
        legend={words.open.by}
        key={metadata ? 'known' : 'unknown'}
        ways={metadata ? offeredWays(metadata) : everyWay}
        backupId={backupId}
        passkeys={metadata ? credentialIds(metadata) : (listed?.passkeys ?? [])}
        go={isOlder ? words.content.acceptOlder : words.content.open}
        working={words.content.working}
        use={use}
      />
    </Card>
  )
}
