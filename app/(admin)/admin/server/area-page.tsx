import type { Metadata } from 'next'
import Link from 'next/link'
import type { ReactNode } from 'react'
import { Icon } from '#app/_components/icon.tsx'
import { PageHeading } from '#app/_components/page-heading.tsx'
import { server } from '#app/_i18n/server.ts'
import { wordsOf } from '#app/_i18n/words-of.ts'
import type { Admin } from '#app/_server/admin.ts'
import { settingsFor } from '#app/_server/server-settings.ts'
import { type Area, areas } from './areas.ts'
import { SettingsCard } from './settings-card.tsx'

/** `export const generateMetadata = titledArea('mail')` */
export function titledArea(area: Area): () => Promise<Metadata> {
  return async () => ({ title: (await wordsOf(server)).pages[area].title })
}

type Props = {
  admin: Admin
  area: Area
  /** Above the settings, and below them. */
  before?: ReactNode
  after?: ReactNode
}

/** A page below `/admin/server`: its settings, a card for each kind, and what belongs with them. */
export async function AreaPage({ admin, area, before, after }: Props) {
  const words = await wordsOf(server)
  const { title, lead } = words.pages[area]
  const settings = settingsFor(admin).filter(({ name }) => name !== 'HEARTHKEEP_METRICS_TOKEN')
  return (
    <>
      <Link
        href="/admin/server"
        prefetch={false}
        className="mb-3 inline-flex items-center gap-1 text-sm text-soft hover:text-ember"
      >
        <Icon name="back" className="size-4" />
        {words.title}
      </Link>
      <PageHeading lead={lead}>{title}</PageHeading>
      <div className="grid grid-cols-1 gap-6">
        {before}
        {areas[area].map((group) => (
          <SettingsCard key={group} group={group} settings={settings.filter((one) => one.group === group)} />
        ))}
        {after}
      </div>
    </>
  )
}
