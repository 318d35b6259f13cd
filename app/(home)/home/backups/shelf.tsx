'use client'

import { useSearchParams } from 'next/navigation'
import { createContext, type ReactNode, useContext, useEffect, useMemo, useRef, useState } from 'react'
import type { KeptDevice } from '#app/_crypto/kept-devices.ts'
import type { BackupsShown } from '#app/_server/backups.ts'
import type { OpenedBackup } from '#client/surfaces/factors/open-backup.ts'
import type { FirstRecoveryKey } from '#client/surfaces/factors/recovery-key.ts'
import { linkBackup } from './actions.ts'

/** What the page knows while it is open: the list of the server, the keys of this browser, and what was opened. */
type Shelf = {
  shown: BackupsShown
  /** Backups this browser stores versions of; null until it was asked. */
  kept: KeptDevice[] | null
  putKept: (device: KeptDevice) => void
  dropKept: (backupId: string) => Promise<void>
  opened: ReadonlyMap<string, OpenedBackup>
  /** Null closes it and wipes its key. */
  setOpened: (backupId: string, opened: OpenedBackup | null) => void
  /** Recovery keys made with a backup of this visit and not added to it yet. */
  spare: Map<string, FirstRecoveryKey>
  /** The backup that is looked at. */
  place: string | null
  go: (backupId: string | null) => void
}

const Held = createContext<Shelf | null>(null)

export function useShelf(): Shelf {
  const shelf = useContext(Held)
  if (!shelf) throw new Error('Outside of the backups page')
  return shelf
}

export function ShelfProvider({ shown, children }: { shown: BackupsShown; children: ReactNode }) {
  const { accountId } = shown
  const place = useSearchParams().get('backup')
  const [kept, setKept] = useState<KeptDevice[] | null>(null)
  const [opened, setAllOpened] = useState<ReadonlyMap<string, OpenedBackup>>(new Map())
  const spare = useRef(new Map<string, FirstRecoveryKey>())
  const listed = useRef(shown.backups)
  listed.current = shown.backups

  useEffect(() => {
    void readKept(accountId).then((devices) => {
      setKept(devices)
      const known = new Set(listed.current.map(({ id }) => id))
      for (const device of devices) if (!known.has(device.backupId)) void putOnList(device)
    })
  }, [accountId])

  const shelf = useMemo<Shelf>(
    () => ({
      shown,
      kept,
      opened,
      place,
      spare: spare.current,
      putKept: (device) =>
        setKept((all) => [...(all ?? []).filter(({ backupId }) => backupId !== device.backupId), device]),
      async dropKept(backupId) {
        const { forget } = await import('#app/_crypto/kept-devices.ts')
        await forget(backupId)
        setKept((all) => (all ?? []).filter((device) => device.backupId !== backupId))
      },
      setOpened: (backupId, now) =>
        setAllOpened((all) => {
          const next = new Map(all)
          if (now) next.set(backupId, now)
          else next.delete(backupId)
          return next
        }),
      go: (backupId) =>
        window.history.pushState(null, '', backupId === null ? '/home/backups' : `/home/backups?backup=${backupId}`),
    }),
    [shown, kept, opened, place],
  )
  return <Held.Provider value={shelf}>{children}</Held.Provider>
}

/** A browser that keeps nothing for pages (private windows of some) has no backups. */
async function readKept(owner: string): Promise<KeptDevice[]> {
  const { listKept } = await import('#app/_crypto/kept-devices.ts')
  return listKept(owner).catch(() => [])
}

/** Made by another program, or the news of it was lost; without it other browsers do not show the backup, no more. */
export async function putOnList(device: KeptDevice): Promise<void> {
  const { proveDevice } = await import('#app/_crypto/sealed-backups.ts')
  await proveDevice(device)
    .then((proof) => linkBackup(device.name, proof))
    .catch(() => {})
}
