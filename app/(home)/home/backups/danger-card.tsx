'use client'

import { useRouter } from 'next/navigation'
import { Card } from '#app/_components/card.tsx'
import type { KeptDevice } from '#app/_crypto/kept-devices.ts'
import { backups } from '#app/_i18n/backups.ts'
import { useWords } from '#app/_i18n/use-words.ts'
import { AskWork } from './ask-work.tsx'
import type { Known } from './backup-page.tsx'
import { useShelf } from './shelf.tsx'

/** Leave a backup, or delete it for everybody. */
export function DangerCard({ device, name }: Known) {
  const words = useWords(backups).danger
  const { shown, dropKept, go } = useShelf()
  const router = useRouter()

  async function remove() {
    const crypto = await import('#app/_crypto/sealed-backups.ts')
    await crypto.deleteBackup(crypto.clientOfPage(), device)
    go(null)
    await dropKept(device.backupId)
    router.refresh()
  }

  return (
    <Card id="danger" heading={words.heading}>
      <div className="mt-4 flex flex-wrap gap-2">
        <Forget device={device} />
        <AskWork words={words.delete} heading={words.deleteHeading(name)} work={remove} done={words.deleted}>
          <p>{words.deleteText(shown.historyDays)}</p>
        </AskWork>
      </div>
    </Card>
  )
}

/** This browser throws its key away; where it can, it takes itself off the backup's devices first. */
export function Forget({ device }: { device: KeptDevice }) {
  const words = useWords(backups).danger
  const { dropKept, go } = useShelf()

  async function forget() {
    const crypto = await import('#app/_crypto/sealed-backups.ts')
    await crypto.leave(device)
    go(null)
    await dropKept(device.backupId)
  }

  return (
    <AskWork words={words.forget} heading={words.forgetHeading} work={forget} done={words.forgotten}>
      <p>{words.forgetText}</p>
    </AskWork>
  )
}
