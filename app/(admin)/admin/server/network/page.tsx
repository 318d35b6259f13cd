import { requireAdmin } from '#app/_server/admin.ts'
import { certificatesFor } from '#app/_server/server-facts.ts'
import { AreaPage, titledArea } from '#app/(admin)/admin/server/area-page.tsx'
import { CertificateCard } from './certificate-card.tsx'

export const generateMetadata = titledArea('network')

export default async function NetworkPage() {
  const admin = await requireAdmin()
  return (
    <AreaPage admin={admin} area="network" before={<CertificateCard certificates={await certificatesFor(admin)} />} />
  )
}
