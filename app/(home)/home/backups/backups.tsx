'use client'

import type { BackupsShown } from '#app/_server/backups.ts'
import { BackupList } from './backup-list.tsx'
import { BackupPage } from './backup-page.tsx'
import { BringBack } from './bring-back.tsx'
import { OpenHere } from './open-here.tsx'
import { ShelfProvider, useShelf } from './shelf.tsx'

export function Backups({ shown }: { shown: BackupsShown }) {
  return (
    <ShelfProvider shown={shown}>
      <Place />
    </ShelfProvider>
  )
}

/** The list, or the one backup that is looked at. */
function Place() {
  const { place, kept, shown } = useShelf()
  const listed = shown.backups.filter(({ id }) => id === place)
  const there = listed.find(({ gone }) => gone === null)
  const device = kept?.find(({ backupId }) => backupId === place)
  if (place === null || (kept !== null && !device && listed.length === 0)) return <BackupList />
  if (kept === null) return <Waiting />
  if (device && (there || listed.length === 0)) return <BackupPage key={place} device={device} listed={there ?? null} />
  if (there) return <OpenHere key={place} listed={there} />
  return listed[0] ? <BringBack key={place} listed={listed[0]} /> : <BackupList />
}

/** The shape of a backup's page until the browser has said what it keeps. */
function Waiting() {
  return (
    <div aria-busy="true" className="animate-pulse motion-reduce:animate-none">
      <div className="h-8 w-48 rounded-lg bg-line" />
      <div className="mt-6 h-36 rounded-2xl bg-line" />
      <div className="mt-5 h-36 rounded-2xl bg-line" />
    </div>
  )
}
