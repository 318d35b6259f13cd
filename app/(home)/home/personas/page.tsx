import { Card } from '#app/_components/card.tsx'
import { EmptyState } from '#app/_components/empty-state.tsx'
import { formatSize } from '#app/_components/format-size.ts'
import { PageHeading } from '#app/_components/page-heading.tsx'
import { personas as area } from '#app/_i18n/personas.ts'
import { languageOfPage, titled, wordsOf } from '#app/_i18n/words-of.ts'
import { requireMember } from '#app/_server/member.ts'
import { personasOf } from '#app/_server/personas.ts'
import { DeletedPersonas } from './deleted-personas.tsx'
import { Pager } from './pager.tsx'
import { PersonaRows } from './persona-rows.tsx'
import { UploadForm } from './upload-form.tsx'

export const generateMetadata = titled(area)

const perPage = 50

/** Every persona, those that were deleted lately, and a way to add one. */
export default async function PersonasPage({ searchParams }: { searchParams: Promise<{ page?: string | string[] }> }) {
  const member = await requireMember()
  const words = await wordsOf(area)
  const asked = Number((await searchParams).page)
  const page = Number.isSafeInteger(asked) && asked > 1 && asked <= 1000 ? asked - 1 : 0
  const { personas, total, deleted, mostBytes, historyDays, now } = personasOf(member, page, perPage)
  return (
    <>
      <PageHeading lead={words.lead}>{words.title}</PageHeading>
      <div className="grid grid-cols-1 gap-5">
        {total === 0 ? (
          <EmptyState icon="personas" heading={words.empty.heading}>
            {words.empty.text}
          </EmptyState>
        ) : (
          <section aria-label={words.title} className="rounded-2xl border border-line bg-card px-5 sm:px-6">
            <PersonaRows personas={personas} now={now} />
            <Pager page={page + 1} pages={Math.ceil(total / perPage)} />
          </section>
        )}
        <Card id="upload" heading={words.upload.heading}>
          <p className="mt-1 text-soft">{words.upload.lead}</p>
          <UploadForm replaces={null} mostBytes={mostBytes} most={formatSize(mostBytes, await languageOfPage())} />
        </Card>
        {deleted.length > 0 ? <DeletedPersonas deleted={deleted} historyDays={historyDays} now={now} /> : null}
      </div>
    </>
  )
}
