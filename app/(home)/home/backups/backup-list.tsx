'use client'

import { Act } from '#app/_components/act.tsx'
import { Ago } from '#app/_components/ago.tsx'
import { BadBadge } from '#app/_components/badge.tsx'
import { Day } from '#app/_components/day.tsx'
import { EmptyState } from '#app/_components/empty-state.tsx'
import { formatSize } from '#app/_components/format-size.ts'
import { PageHeading } from '#app/_components/page-heading.tsx'
import { smallButton } from '#app/_components/small-button.ts'
import { backups } from '#app/_i18n/backups.ts'
import { useLanguage } from '#app/_i18n/language-provider.tsx'
import { useWords } from '#app/_i18n/use-words.ts'
import type { KeptBackup } from '#app/_server/backups.ts'
import { unlinkBackup } from './actions.ts'
import { CreateCard } from './create-card.tsx'
import { HaveBackup } from './have-backup.tsx'
import { ResetCard } from './reset-card.tsx'
import { useShelf } from './shelf.tsx'

/** Every backup of the member, a way to make one, and ways to come back to one. */
export function BackupList() {
  const words = useWords(backups)
  const { shown, kept } = useShelf()
  const there = shown.backups.filter(({ gone }) => gone === null)
  const listed = new Set(shown.backups.map(({ id }) => id))
  const unlisted = (kept ?? []).filter(({ backupId }) => !listed.has(backupId))
  const gone = shown.backups.filter((one) => one.gone !== null && there.every(({ id }) => id !== one.id))
  const isEmpty = there.length + unlisted.length + gone.length === 0
  return (
    <>
      <PageHeading lead={words.lead}>{words.title}</PageHeading>
      <div className="grid gap-5">
        {isEmpty ? (
          <EmptyState icon="backups" heading={words.empty.heading}>
            {words.empty.text}
          </EmptyState>
        ) : (
          <section aria-label={words.list.heading} className="rounded-2xl border border-line bg-card px-5 sm:px-6">
            <ul className="divide-y divide-line">
              {unlisted.map(({ backupId, name }) => (
                <li key={backupId} className={row}>
                  <p className="min-w-0 flex-1 basis-60 break-words font-medium">{name}</p>
                  <Show id={backupId} name={name} />
                </li>
              ))}
              {there.map((backup) => (
                <li key={backup.id} className={row}>
                  <About backup={backup} />
                  <Show id={backup.id} name={backup.name} />
                </li>
              ))}
              {gone.map((backup) => (
                <GoneRow key={backup.id} backup={backup} />
              ))}
            </ul>
          </section>
        )}
        <CreateCard />
        <HaveBackup />
        <ResetCard />
      </div>
    </>
  )
}

const row = 'flex flex-wrap items-center gap-x-4 gap-y-3 py-4'

function About({ backup: { id, name, updatedAt, size, ways, isDamaged } }: { backup: KeptBackup }) {
  const words = useWords(backups).list
  const language = useLanguage()
  const { shown, kept } = useShelf()
  const where = kept?.some(({ backupId }) => backupId === id) ? words.here : words.elsewhere
  return (
    <div className="min-w-0 flex-1 basis-60">
      <p className="break-words font-medium">{name}</p>
      <p className="text-sm text-soft">
        {isDamaged ? <BadBadge>{words.damaged}</BadBadge> : null} <Ago at={updatedAt} now={shown.now} />
        {size === null ? null : ` · ${formatSize(size, language)}`}
        {kept === null ? null : ` · ${where}`}
      </p>
      {ways === 1 ? <p className="text-sm text-bad">{words.oneWay}</p> : null}
    </div>
  )
}

function Show({ id, name }: { id: string; name: string }) {
  const words = useWords(backups).list
  const { kept, go } = useShelf()
  const isHere = kept === null || kept.some(({ backupId }) => backupId === id)
  return (
    <button
      type="button"
      className={smallButton.quiet}
      aria-label={isHere ? words.showOf(name) : words.openHereOf(name)}
      onClick={() => go(id)}
    >
      {isHere ? words.show : words.openHere}
    </button>
  )
}

function GoneRow({ backup: { id, name, gone } }: { backup: KeptBackup }) {
  const words = useWords(backups).list
  const { shown, go } = useShelf()
  return (
    <li className={row}>
      <div className="min-w-0 flex-1 basis-60">
        <p className="break-words font-medium text-soft">{name}</p>
        {gone ? (
          <p className="text-sm text-soft">
            {words.gone} <Ago at={gone.at} now={shown.now} />, {words.until} <Day at={gone.until} />
          </p>
        ) : null}
      </div>
      <div className="flex flex-wrap gap-2">
        <button type="button" className={smallButton.quiet} aria-label={words.bringBackOf(name)} onClick={() => go(id)}>
          {words.bringBack}
        </button>
        <Act action={() => unlinkBackup(id)} done={words.unlisted} label={words.unlistOf(name)}>
          {words.unlist}
        </Act>
      </div>
    </li>
  )
}
