import { backups as area } from '#app/_i18n/backups.ts'
import { titled } from '#app/_i18n/words-of.ts'
import { backupsOf } from '#app/_server/backups.ts'
import { requireMember } from '#app/_server/member.ts'
import { Backups } from './backups.tsx'

export const generateMetadata = titled(area)

/** What is on the member's list; everything else happens in the browser, which alone has the keys. */
export default async function BackupsPage() {
  const shown = await backupsOf(await requireMember())
  return <Backups shown={shown} />
}
