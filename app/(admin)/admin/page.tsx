import Link from 'next/link'
import { Attention } from '#app/_components/attention.tsx'
import { Icon } from '#app/_components/icon.tsx'
import { PageHeading } from '#app/_components/page-heading.tsx'
import { admin } from '#app/_i18n/admin.ts'
import { keepingConcerns } from '#app/_i18n/keeping-concerns.ts'
import { shell } from '#app/_i18n/shell.ts'
import { titled, wordsOf } from '#app/_i18n/words-of.ts'
import { requireAdmin } from '#app/_server/admin.ts'
import { concernsOf } from '#app/_server/storage.ts'
import { keepingRows } from './keeping-rows.ts'
import { keeperSections } from './sections.ts'

export const generateMetadata = titled(admin)

/** The keeper's areas, and what each is for. */
export default async function AdminPage() {
  const keeper = await requireAdmin()
  const words = await wordsOf(admin)
  const { nav } = await wordsOf(shell)
  const attention = await wordsOf(keepingConcerns)
  const rows = await keepingRows(await concernsOf(keeper))
  return (
    <>
      <PageHeading lead={words.lead}>{words.heading}</PageHeading>
      {rows.length > 0 ? (
        <div className="mb-6">
          <Attention heading={attention.attention} look={attention.look} rows={rows} />
        </div>
      ) : null}
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
