import { requireAdmin } from '#app/_server/admin.ts'
import { linesFor, metricsAddress } from '#app/_server/server-facts.ts'
import { settingsFor } from '#app/_server/server-settings.ts'
import { AreaPage, titledArea } from '#app/(admin)/admin/server/area-page.tsx'
import { LogCard, levelsOf } from './log-card.tsx'
import { MetricsCard } from './metrics-card.tsx'

export const generateMetadata = titledArea('watching')

const mostLines = 200

type Query = Record<string, string | string[] | undefined>

export default async function WatchingPage({ searchParams }: { searchParams: Promise<Query> }) {
  const admin = await requireAdmin()
  const { show } = await searchParams
  const token = settingsFor(admin).find(({ name }) => name === 'HEARTHKEEP_METRICS_TOKEN')
  const only = show === 'troubles'
  return (
    <AreaPage
      admin={admin}
      area="watching"
      before={<LogCard lines={linesFor(admin, levelsOf(only), mostLines)} onlyTroubles={only} />}
      after={
        <MetricsCard
          isSet={token?.isSet === true}
          isPinned={token?.source === 'environment'}
          address={metricsAddress(admin)}
        />
      }
    />
  )
}
