import { requireAdmin } from '#app/_server/admin.ts'
import { AreaPage, titledArea } from '#app/(admin)/admin/server/area-page.tsx'

export const generateMetadata = titledArea('apps')

export default async function AppsPage() {
  return <AreaPage admin={await requireAdmin()} area="apps" />
}
