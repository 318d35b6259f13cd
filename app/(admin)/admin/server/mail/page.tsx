import { accountOf } from '#app/_server/account.ts'
import { requireAdmin } from '#app/_server/admin.ts'
import { AreaPage, titledArea } from '#app/(admin)/admin/server/area-page.tsx'
import { TestCard } from './test-card.tsx'

export const generateMetadata = titledArea('mail')

export default async function MailPage() {
  const admin = await requireAdmin()
  const { email, sendsMail } = accountOf(admin)
  return <AreaPage admin={admin} area="mail" after={<TestCard isSet={sendsMail} recipient={email ?? ''} />} />
}
