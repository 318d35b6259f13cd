'use client'

import { Card } from '#app/_components/card.tsx'
import { backups } from '#app/_i18n/backups.ts'
import { useWords } from '#app/_i18n/use-words.ts'
import type { KeptBackup } from '#app/_server/backups.ts'
import { OneBackup } from './one-backup.tsx'
import { OpenForm } from './open-form.tsx'

/** A backup on the member's list that this browser does not keep. */
export function OpenHere({ listed }: { listed: KeptBackup }) {
  const words = useWords(backups)
  return (
    <OneBackup heading={listed.name} lead={words.content.closed}>
      <Card id="open" heading={words.open.headingOf(listed.name)}>
        <OpenForm known={listed} />
      </Card>
    </OneBackup>
  )
}
