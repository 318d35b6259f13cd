'use client'

import { useRouter } from 'next/navigation'
import { useState } from 'react'
import { Ago } from '#app/_components/ago.tsx'
import { Card } from '#app/_components/card.tsx'
import { smallButton } from '#app/_components/small-button.ts'
import { useSay } from '#app/_components/toasts.tsx'
import { VersionRow, VersionRows } from '#app/_components/version-rows.tsx'
import { keep } from '#app/_crypto/kept-devices.ts'
import { backups } from '#app/_i18n/backups.ts'
import { useWords } from '#app/_i18n/use-words.ts'
import type { MainFactor } from '#client/surfaces/factors/main-factor.ts'
import type { BackupHistory } from '#client/surfaces/factors/wire.ts'
import { useShelf } from './shelf.tsx'
import { useNameOfWay } from './use-name-of-way.ts'
import { WayIn } from './way-in.tsx'
import { credentialIds, offeredWays } from './ways.ts'
import type { KnownWays } from './ways-card.tsx'

/** What is to be brought back, and the words for it. */
type Wanted = { what: { version?: number; factorIds?: string[] }; label: string; done: string }

/** Earlier versions, removed ways and devices; one of the ways has to confirm each look and each change. */
export function HistoryCard(known: KnownWays) {
  const words = useWords(backups)
  const { shown, setOpened, opened, putKept } = useShelf()
  const nameOf = useNameOfWay()
  const say = useSay()
  const router = useRouter()
  const { device, metadata, setMetadata } = known
  const { backupId } = device
  const [history, setHistory] = useState<BackupHistory | null>(null)
  const [wanted, setWanted] = useState<Wanted | null>(null)
  const seconds = 1000

  async function look(factor: MainFactor) {
    const crypto = await import('#app/_crypto/sealed-backups.ts')
    const found = await crypto.readHistory(crypto.clientOfPage(), factor, backupId)
    setHistory(found.find((one) => one.backupId === backupId && one.deletedAt === null) ?? null)
  }

  async function restore(factor: MainFactor) {
    if (!wanted) return
    const crypto = await import('#app/_crypto/sealed-backups.ts')
    const restored = await crypto.restoreBackup(crypto.clientOfPage(), factor, { backupId, ...wanted.what })
    setMetadata(restored)
    // An older version is what was asked for; when it was stored shows once it is opened.
    const { manifestHash } = restored
    if (manifestHash !== device.seen.manifestHash)
      putKept(await keep({ ...device, seen: { manifestHash, savedAt: 0 } }))
    const before = opened.get(backupId)
    if (before) crypto.close(before)
    setOpened(backupId, null)
    say({ words: wanted.done, isBad: false })
    setWanted(null)
    setHistory(null)
    router.refresh()
  }

  const confirm = (go: string, use: (factor: MainFactor) => Promise<void>) => (
    <WayIn
      legend={words.history.confirm}
      ways={offeredWays(metadata)}
      backupId={backupId}
      passkeys={credentialIds(metadata)}
      go={go}
      working={words.history.working}
      look="quiet"
      use={use}
    />
  )

  return (
    <Card id="history" heading={words.history.heading}>
      <p className="mt-1 text-soft">{words.history.lead(shown.historyDays)}</p>
      {history === null ? confirm(words.history.show, look) : null}
      {history && history.versions.length === 0 ? <p className="mt-3">{words.history.none}</p> : null}
      {history && wanted === null ? (
        <>
          <VersionRows>
            {history.versions.map((past) => (
              <VersionRow
                key={past.version}
                now={shown.now}
                past={{
                  ...past,
                  createdAt: past.createdAt * seconds,
                  supersededAt: past.supersededAt && past.supersededAt * seconds,
                }}
              >
                <button
                  type="button"
                  className={smallButton.quiet}
                  aria-label={words.history.restoreOf(past.version)}
                  onClick={() =>
                    setWanted({
                      what: { version: past.version },
                      label: words.history.restoreOf(past.version),
                      done: words.history.restored(past.version),
                    })
                  }
                >
                  {words.history.restore}
                </button>
              </VersionRow>
            ))}
          </VersionRows>
          {history.removedFactors.length > 0 ? (
            <>
              <h3 className="mt-4 font-medium">{words.history.removed}</h3>
              <ul className="divide-y divide-line">
                {history.removedFactors.map((factor) => {
                  const name = factor.scope === 'SYNC' ? words.devices.nameless : nameOf(factor, metadata)
                  return (
                    <li key={factor.id} className="flex flex-wrap items-center justify-between gap-x-6 gap-y-2 py-3">
                      <span className="min-w-0">
                        <span className="break-words font-medium">{name}</span>{' '}
                        <span className="text-sm text-soft">
                          {words.history.removedAt} <Ago at={factor.removedAt * seconds} now={shown.now} />
                        </span>
                      </span>
                      <button
                        type="button"
                        className={smallButton.quiet}
                        aria-label={words.history.bringBackOf(name)}
                        onClick={() =>
                          setWanted({
                            what: { factorIds: [factor.id] },
                            label: words.history.bringBackOf(name),
                            done: words.history.broughtBack,
                          })
                        }
                      >
                        {words.history.bringBack}
                      </button>
                    </li>
                  )
                })}
              </ul>
            </>
          ) : null}
        </>
      ) : null}
      {wanted ? confirm(wanted.label, restore) : null}
    </Card>
  )
}
