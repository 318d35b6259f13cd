import Link from 'next/link'
import { smallButton } from '#app/_components/small-button.ts'
import { server } from '#app/_i18n/server.ts'
import { wordsOf } from '#app/_i18n/words-of.ts'
import { requireAdmin } from '#app/_server/admin.ts'
import { AreaPage, titledArea } from '#app/(admin)/admin/server/area-page.tsx'

export const generateMetadata = titledArea('storage')

export default async function StoragePage() {
  const admin = await requireAdmin()
  const words = await wordsOf(server)
  const links = (
    <p className="flex flex-wrap gap-3">
      <Link href="/admin/storage" prefetch={false} className={smallButton.quiet}>
        {words.storage}
      </Link>
      <Link href="/admin/snapshots" prefetch={false} className={smallButton.quiet}>
        {words.snapshots}
      </Link>
    </p>
  )
  return <AreaPage admin={admin} area="storage" before={links} />
}
