import Link from 'next/link'
import { notFound } from 'next/navigation'
import { Act } from '#app/_components/act.tsx'
import { Card } from '#app/_components/card.tsx'
import { formatSize } from '#app/_components/format-size.ts'
import { Icon } from '#app/_components/icon.tsx'
import { PageHeading } from '#app/_components/page-heading.tsx'
import { personas as area } from '#app/_i18n/personas.ts'
import { languageOfPage, titled, wordsOf } from '#app/_i18n/words-of.ts'
import { requireMember } from '#app/_server/member.ts'
import { personaOf } from '#app/_server/personas.ts'
import { restoreVersion } from '#app/(home)/home/personas/actions.ts'
import { UploadForm } from '#app/(home)/home/personas/upload-form.tsx'
import { CurrentPersona } from './current-persona.tsx'
import { PastPersonas } from './past-personas.tsx'

export const generateMetadata = titled(area)

/** One persona, `?id=…`: as it stands, every earlier version, and a way to replace it. */
export default async function PersonaPage({ searchParams }: { searchParams: Promise<{ id?: string | string[] }> }) {
  const member = await requireMember()
  const words = await wordsOf(area)
  const { id } = await searchParams
  const shown = typeof id === 'string' ? personaOf(member, id) : null
  if (!shown) notFound()
  const { personaId, current, history, historyVersions, historyDays, mostBytes, now } = shown
  const [last] = history
  return (
    <>
      <Link
        href="/home/personas"
        prefetch={false}
        className="mb-3 inline-flex items-center gap-1 text-sm font-medium text-ember underline-offset-4 hover:underline"
      >
        <Icon name="back" className="size-4" /> {words.back}
      </Link>
      <PageHeading>{personaId}</PageHeading>
      <div className="grid grid-cols-1 gap-5">
        {current ? (
          <CurrentPersona persona={current} now={now} />
        ) : (
          <div className="flex flex-wrap items-center justify-between gap-3 rounded-2xl border border-ember bg-card p-5 sm:p-6">
            <p className="font-medium">{words.deleted.notice}</p>
            {last ? (
              <Act
                look="main"
                action={restoreVersion.bind(null, { id: personaId, version: last.version })}
                done={words.broughtBack}
              >
                {words.bringBack}
              </Act>
            ) : null}
          </div>
        )}
        <Card id="history" heading={words.history.heading}>
          <p className="mt-1 text-soft">
            {history.length === 0 ? words.history.empty : words.history.lead(historyVersions, historyDays)}
          </p>
          <PastPersonas id={personaId} history={history} now={now} />
        </Card>
        {current ? (
          <Card id="replace" heading={words.upload.replace}>
            <p className="mt-1 text-soft">{words.upload.replaceLead}</p>
            <UploadForm
              replaces={{ id: personaId, version: current.version }}
              mostBytes={mostBytes}
              most={formatSize(mostBytes, await languageOfPage())}
            />
          </Card>
        ) : null}
      </div>
    </>
  )
}
