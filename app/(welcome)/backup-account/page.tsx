import { CardPage } from '#app/_components/card-page.tsx'
import { backupAccount as area } from '#app/_i18n/backup-account.ts'
import { titled } from '#app/_i18n/words-of.ts'
import { Returned } from './returned.tsx'

export const generateMetadata = titled(area)

/** Where a sign-in service sends people back to, in a window of its own; the page that opened it takes over. */
export default function BackupAccountPage() {
  return (
    <CardPage>
      <Returned />
    </CardPage>
  )
}
