'use client'

import { useRouter } from 'next/navigation'
import { useEffect, useId, useRef, useState } from 'react'
import { Field } from '#app/_components/field.tsx'
import { smallButton } from '#app/_components/small-button.ts'
import { useSay } from '#app/_components/toasts.tsx'
import { backups } from '#app/_i18n/backups.ts'
import { shell } from '#app/_i18n/shell.ts'
import { useWords } from '#app/_i18n/use-words.ts'
import type { MainFactor } from '#client/surfaces/factors/main-factor.ts'
import type { RecoveryKey } from '#client/surfaces/factors/recovery-key.ts'
import { labelOf } from './create-card.tsx'
import { useNewPassphrase } from './new-passphrase.tsx'
import { RecoverySheet } from './recovery-sheet.tsx'
import { useShelf } from './shelf.tsx'
import { Fault } from './trouble.tsx'
import { useObstacle } from './use-obstacle.ts'
import { WayIn } from './way-in.tsx'
import { WayRadios } from './way-radios.tsx'
import { credentialIds, everyWay, offeredWays, type Way, wayOf } from './ways.ts'
import type { KnownWays } from './ways-card.tsx'

/** One more way to open the backup: choose it, then confirm with one that is there. */
export function AddWay({ known, onClose }: { known: KnownWays; onClose: () => void }) {
  const words = useWords(backups)
  const { cancel } = useWords(shell)
  const { shown, opened, setOpened, putKept, spare } = useShelf()
  const { device, metadata, name, setMetadata } = known
  const { backupId } = device
  const id = useId()
  const say = useSay()
  const router = useRouter()
  const obstacle = useObstacle()
  const heading = useRef<HTMLHeadingElement>(null)
  const hasRecovery = metadata.factors.some((factor) => wayOf(factor, metadata) === 'recovery-key')
  const offered = everyWay.filter((way) => way !== 'passkey' || obstacle === null)
  const [way, setWay] = useState<Way>(hasRecovery ? 'passphrase' : 'recovery-key')
  const [label, setLabel] = useState(labelOf(shown.deviceName))
  const passphrase = useNewPassphrase(id)
  const [recovery, setRecovery] = useState<{ key: RecoveryKey; text: string; isSaved: boolean } | null>(null)

  useEffect(() => heading.current?.focus(), [])
  useEffect(() => {
    if (way !== 'recovery-key') return
    void import('#app/_crypto/sealed-backups.ts').then(async (crypto) => {
      const key = spare.get(backupId) ?? (await crypto.createLaterRecoveryKey(backupId))
      setRecovery((now) => now ?? { key, text: crypto.writeRecoveryKey(key), isSaved: false })
    })
  }, [way, backupId, spare])

  async function newFactor(): Promise<MainFactor> {
    const crypto = await import('#app/_crypto/sealed-backups.ts')
    if (way === 'passkey')
      return crypto.newPasskeyWay({
        member: shown.memberName,
        backup: name,
        label: label.trim(),
        beside: credentialIds(metadata),
      })
    if (way === 'passphrase') {
      if (passphrase.fault) throw new Fault(passphrase.fault)
      return crypto.passphraseWay(passphrase.text, backupId, true)
    }
    if (!recovery?.isSaved) throw new Fault(words.recovery.first)
    return crypto.recoveryWay(recovery.key)
  }

  async function add(existing: MainFactor) {
    const added = await newFactor()
    const crypto = await import('#app/_crypto/sealed-backups.ts')
    let current = opened.get(backupId)
    let noted = device
    if (!current) {
      const result = await crypto.openAndNote(existing, device)
      current = result.opened
      noted = result.device
    }
    const after = await crypto.addWay(noted, current, { existing, added })
    if (way === 'recovery-key') spare.delete(backupId)
    setOpened(backupId, after)
    setMetadata(after.metadata)
    putKept(noted)
    say({ words: words.ways.done, isBad: false })
    router.refresh()
    onClose()
  }

  return (
    <section aria-labelledby={`${id}-add`} className="mt-4 rounded-xl border border-edge p-4 sm:p-5">
      <h3 id={`${id}-add`} ref={heading} tabIndex={-1} className="font-semibold outline-none">
        {words.ways.addHeading}
      </h3>
      <WayRadios legend={words.ways.which} ways={offered} value={way} onChange={setWay} />
      {way === 'passkey' ? (
        <>
          <p className="mt-3 text-sm text-soft">{words.ways.addPasskeyText}</p>
          <Field
            id={`${id}-label`}
            label={words.ways.passkeyName}
            value={label}
            onChange={(event) => setLabel(event.target.value)}
            maxLength={60}
            autoComplete="off"
          />
        </>
      ) : null}
      {way === 'passphrase' ? passphrase.fields : null}
      {way === 'recovery-key' && recovery ? (
        <RecoverySheet
          name={name}
          backupId={backupId}
          text={recovery.text}
          onSaved={() => setRecovery({ ...recovery, isSaved: true })}
        />
      ) : null}
      <p className="mt-6 font-medium">{opened.has(backupId) ? words.ways.proveAgain : words.ways.prove}</p>
      <WayIn
        legend={words.open.by}
        ways={offeredWays(metadata)}
        backupId={backupId}
        passkeys={credentialIds(metadata)}
        go={
          {
            passkey: words.ways.addPasskey,
            'recovery-key': words.ways.addRecovery,
            passphrase: words.ways.addPassphrase,
          }[way]
        }
        working={words.ways.working}
        use={add}
      />
      <button type="button" className={`mt-3 ${smallButton.quiet}`} onClick={onClose}>
        {cancel}
      </button>
    </section>
  )
}
