import Link from 'next/link'
import { Attention } from '#app/_components/attention.tsx'
import { Icon } from '#app/_components/icon.tsx'
import { PageHeading } from '#app/_components/page-heading.tsx'
import { admin } from '#app/_i18n/admin.ts'
import { shell } from '#app/_i18n/shell.ts'
import { titled, wordsOf } from '#app/_i18n/words-of.ts'
import { requireAdmin } from '#app/_server/admin.ts'
import { householdConcernsFor } from '#app/_server/people.ts'
import { concernsOf } from '#app/_server/storage.ts'
import { householdRows } from './household-rows.ts'
import { keepingRows } from './keeping-rows.ts'
import { keeperSections } from './sections.ts'

export const generateMetadata = titled(admin)

/** What asks for a keeper's attention; then their areas, and what each is for. */
export default async function AdminPage() {
  const keeper = await requireAdmin()
  const words = await wordsOf(admin)
  const { nav } = await wordsOf(shell)
  const concerns = await concernsOf(keeper)
  const rows = [...(await keepingRows(concerns)), ...(await householdRows(householdConcernsFor(keeper)))]
  return (
    <>
      <PageHeading lead={words.lead}>{words.heading}</PageHeading>
      <div className="mb-6">
        {rows.length > 0 ? (
          <Attention heading={words.attention.heading} look={words.attention.look} rows={rows} />
        ) : (
          <p className="inline-flex items-center gap-2 text-good">
            <Icon name="good" /> {words.attention.fine}
          </p>
        )}
      </div>
      <ul className="grid grid-cols-1 gap-5 md:grid-cols-2">
        {keeperSections.map(({ href, name }) =>
          name in words.areas ? (
            <li key={href} className="relative rounded-2xl border border-line bg-card p-5 hover:border-edge sm:p-6">
              <h2 className="flex items-center gap-3 text-lg font-semibold">
                <Icon name={name} className="size-6 text-ember" />
                <Link href={href} prefetch={false} className="after:absolute after:inset-0 after:rounded-2xl">
                  {nav[name]}
                </Link>
              </h2>
              <p className="mt-2 text-soft">{words.areas[name as keyof typeof words.areas]}</p>
            </li>
          ) : null,
        )}
      </ul>
    </>
  )
}
