'use client'

import { useRouter } from 'next/navigation'
import { Card } from '#app/_components/card.tsx'
import { useSay } from '#app/_components/toasts.tsx'
import { backups } from '#app/_i18n/backups.ts'
import { useWords } from '#app/_i18n/use-words.ts'
import type { KeptBackup } from '#app/_server/backups.ts'
import type { MainFactor } from '#client/surfaces/factors/main-factor.ts'
import { OneBackup } from './one-backup.tsx'
import { useShelf } from './shelf.tsx'
import { WayIn } from './way-in.tsx'
import { everyWay } from './ways.ts'

/** A deleted backup: one of its ways brings it back. */
export function BringBack({ listed: { id, name } }: { listed: KeptBackup }) {
  const words = useWords(backups).restore
  const { dropKept } = useShelf()
  const say = useSay()
  const router = useRouter()

  async function use(factor: MainFactor) {
    const crypto = await import('#app/_crypto/sealed-backups.ts')
    await crypto.restoreBackup(crypto.clientOfPage(), factor, { backupId: id })
    // Devices do not come back with it, so the key of this browser is of no use any more.
    await dropKept(id)
    say({ words: words.done, isBad: false })
    router.refresh()
  }

  return (
    <OneBackup heading={words.heading(name)} lead={words.lead}>
      <Card id="restore" heading={words.go}>
        <WayIn legend={words.by} ways={everyWay} backupId={id} go={words.go} working={words.working} use={use} />
      </Card>
    </OneBackup>
  )
}
