import { requireAdmin } from '#app/_server/admin.ts'
import { AreaPage, titledArea } from '#app/(admin)/admin/server/area-page.tsx'

export const generateMetadata = titledArea('rules')

export default async function RulesPage() {
  return <AreaPage admin={await requireAdmin()} area="rules" />
}
