import Link from 'next/link'
import { Ago } from '#app/_components/ago.tsx'
import { Card } from '#app/_components/card.tsx'
import { CopyButton } from '#app/_components/copy-button.tsx'
import { PageHeading } from '#app/_components/page-heading.tsx'
import { server } from '#app/_i18n/server.ts'
import { titled, wordsOf } from '#app/_i18n/words-of.ts'
import { requireAdmin } from '#app/_server/admin.ts'
import { diagnosisFor } from '#app/_server/server-facts.ts'
import { settingsFor } from '#app/_server/server-settings.ts'
import { type Area, areas } from './areas.ts'
import { Facts } from './facts.tsx'

export const generateMetadata = titled(server)

/** The way to all settings, and how the server is. */
export default async function ServerPage() {
  const admin = await requireAdmin()
  const words = await wordsOf(server)
  const waiting = settingsFor(admin).filter(({ isWaiting }) => isWaiting).length
  const { version, node, startedAt, now, database, store, support } = await diagnosisFor(admin)
  const { health } = words
  return (
    <>
      <PageHeading lead={words.lead}>{words.title}</PageHeading>
      {waiting > 0 ? (
        <p className="mb-6 rounded-xl border border-ember px-4 py-3 font-medium">{words.waiting(waiting)}</p>
      ) : null}
      <ul className="grid grid-cols-1 gap-5 md:grid-cols-2">
        {(Object.keys(areas) as Area[]).map((area) => (
          <li key={area} className="relative rounded-2xl border border-line bg-card p-5 hover:border-edge">
            <h2 className="text-lg font-semibold">
              <Link
                href={`/admin/server/${area}`}
                prefetch={false}
                className="after:absolute after:inset-0 after:rounded-2xl"
              >
                {words.pages[area].title}
              </Link>
            </h2>
            <p className="mt-1 text-soft">{words.pages[area].lead}</p>
          </li>
        ))}
      </ul>
      <div className="mt-6 grid grid-cols-1 gap-6">
        <Card id="health-heading" heading={health.heading}>
          <Facts
            facts={[
              [health.version, `Hearthkeep ${version}, Node ${node}`],
              [health.since, <Ago key="since" at={startedAt} now={now} />],
              [health.database, <Check key="database" words={health[database]} isBad={database === 'failed'} />],
              [health.store, <Check key="store" words={health[store]} isBad={store === 'failed'} />],
            ]}
          />
        </Card>
        <Card
          id="support-heading"
          heading={words.support.heading}
          end={<CopyButton text={support} words={words.support} label={words.support.copyLabel} />}
        >
          <p className="mt-2 max-w-prose text-soft">{words.support.lead}</p>
          <textarea
            readOnly
            rows={12}
            aria-label={words.support.label}
            lang="en"
            value={support}
            className="mt-4 block w-full rounded-xl border border-edge bg-card p-3 font-mono text-sm"
          />
        </Card>
      </div>
    </>
  )
}

function Check({ words, isBad }: { words: string; isBad: boolean }) {
  return <span className={isBad ? 'font-medium text-bad' : undefined}>{words}</span>
}
