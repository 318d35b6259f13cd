'use client'

import { useEffect, useRef, useState } from 'react'
import { Ago } from '#app/_components/ago.tsx'
import { AskFirst } from '#app/_components/ask-first.tsx'
import { Card } from '#app/_components/card.tsx'
import { Field } from '#app/_components/field.tsx'
import { Icon } from '#app/_components/icon.tsx'
import { smallButton } from '#app/_components/small-button.ts'
import { type KeptDevice, keep } from '#app/_crypto/kept-devices.ts'
import { backups } from '#app/_i18n/backups.ts'
import { useWords } from '#app/_i18n/use-words.ts'
import type { KeptBackup } from '#app/_server/backups.ts'
import { isFactorError } from '#client/surfaces/factors/errors.ts'
import type { BackupMetadata } from '#client/surfaces/factors/wire.ts'
import { renameBackup } from './actions.ts'
import { DangerCard, Forget } from './danger-card.tsx'
import { DeviceCard } from './device-card.tsx'
import { FilesCard } from './files-card.tsx'
import { Fold } from './fold.tsx'
import { HistoryCard } from './history-card.tsx'
import { OneBackup } from './one-backup.tsx'
import { OpenForm } from './open-form.tsx'
import { useShelf } from './shelf.tsx'
import { SyncCard } from './sync-card.tsx'
import { useWork } from './trouble.tsx'
import { WaysCard } from './ways-card.tsx'

type Props = { device: KeptDevice; listed: KeptBackup | null }

/** A backup that this browser stores versions of. */
export function BackupPage({ device, listed }: Props) {
  const words = useWords(backups)
  const [metadata, setMetadata] = useState<BackupMetadata | null>(null)
  const { error, run, notice } = useWork()
  const { backupId } = device
  const reload = () =>
    run(async () => {
      const crypto = await import('#app/_crypto/sealed-backups.ts')
      setMetadata(await crypto.readDeviceMetadata(crypto.clientOfPage(), device))
    })
  const atFirst = useRef(reload)
  useEffect(() => void atFirst.current(), [])

  const name = listed?.name ?? device.name
  if (isFactorError(error, 'factor-unknown') || isFactorError(error, 'nothing-stored'))
    return (
      <OneBackup heading={name} lead={words.backup.gone}>
        <Card id="open" heading={words.open.headingOf(name)}>
          <OpenForm known={{ id: backupId, name, passkeys: listed?.passkeys ?? [] }} />
        </Card>
        <Forget device={device} />
      </OneBackup>
    )
  const known = { device, listed, name, metadata, setMetadata, reload }
  return (
    <OneBackup heading={name} lead={<State {...known} />}>
      {notice ? (
        <div>
          {notice}
          <button type="button" className={`mt-3 ${smallButton.quiet}`} onClick={reload}>
            {words.backup.retry}
          </button>
        </div>
      ) : null}
      <FilesCard {...known} />
      <SyncCard {...known} />
      {metadata ? (
        <>
          <WaysCard {...known} metadata={metadata} />
          <DeviceCard {...known} metadata={metadata} />
          <HistoryCard {...known} metadata={metadata} />
          <DangerCard {...known} />
        </>
      ) : notice ? null : (
        <div className="h-48 animate-pulse rounded-2xl bg-line motion-reduce:animate-none" />
      )}
      <Details {...known} />
    </OneBackup>
  )
}

/** What the cards of the page share. */
export type Known = {
  device: KeptDevice
  listed: KeptBackup | null
  name: string
  /** Null until the server has told. */
  metadata: BackupMetadata | null
  setMetadata: (metadata: BackupMetadata) => void
  reload: () => Promise<boolean>
}

/** Whether it is known to open, which is the one thing that counts. */
function State({ device: { checked, seen }, metadata }: Known) {
  const words = useWords(backups).backup
  const { now } = useShelf().shown
  if (metadata && metadata.manifestHash !== seen.manifestHash) return <p className="text-bad">{words.newer}</p>
  if (checked?.manifestHash !== seen.manifestHash) return <p className="text-bad">{words.unchecked}</p>
  return (
    <p className="inline-flex items-center gap-2 text-good">
      <Icon name="good" />
      <span>
        {words.checked} <Ago at={checked.at} now={now} />
      </span>
    </p>
  )
}

function Details({ device, name }: Known) {
  const words = useWords(backups)
  const { putKept } = useShelf()

  async function rename(form: FormData) {
    const wanted = String(form.get('name')).trim()
    const outcome = await renameBackup(device.backupId, wanted)
    if (outcome.ok) putKept(await keep({ ...device, name: wanted }))
    return outcome
  }

  return (
    <Fold heading={words.backup.details}>
      <dl className="mt-3">
        <dt className="text-sm text-soft">{words.backup.number}</dt>
        <dd className="break-all font-mono text-sm">{device.backupId}</dd>
      </dl>
      <div className="mt-4">
        <AskFirst
          words={words.backup.rename}
          heading={words.backup.renameHeading}
          look="quiet"
          confirm={words.backup.save}
          action={rename}
          done={words.backup.renamed}
        >
          <Field
            id="backup-name"
            name="name"
            label={words.create.name}
            hint={words.create.nameHint}
            defaultValue={name}
            maxLength={60}
            autoComplete="off"
            required
          />
        </AskFirst>
      </div>
    </Fold>
  )
}
