'use client'

import { backups } from '#app/_i18n/backups.ts'
import { useWords } from '#app/_i18n/use-words.ts'
import { Fold } from './fold.tsx'
import { OpenForm } from './open-form.tsx'

/** For a backup that is not on the list. */
export function HaveBackup() {
  const words = useWords(backups).open
  return (
    <Fold heading={words.heading}>
      <p className="mt-2 text-soft">{words.lead}</p>
      <OpenForm known={null} />
    </Fold>
  )
}
