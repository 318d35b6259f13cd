'use client'

import { useRouter } from 'next/navigation'
import { type FormEvent, useEffect, useId, useState } from 'react'
import { Card } from '#app/_components/card.tsx'
import { Field } from '#app/_components/field.tsx'
import { PasskeyTroubleWords } from '#app/_components/passkey-trouble.tsx'
import { smallButton } from '#app/_components/small-button.ts'
import type { AccountWindow } from '#app/_crypto/account-window.ts'
import type { OnStep } from '#app/_crypto/sealed-backups.ts'
import { backups } from '#app/_i18n/backups.ts'
import { useWords } from '#app/_i18n/use-words.ts'
import { isFactorError } from '#client/surfaces/factors/errors.ts'
import type { FirstRecoveryKey } from '#client/surfaces/factors/recovery-key.ts'
import { CreatedCard } from './created-card.tsx'
import { FilePicker, useCheckFiles } from './file-picker.tsx'
import { useNewPassphrase } from './new-passphrase.tsx'
import { RecoverySheet } from './recovery-sheet.tsx'
import { useShelf } from './shelf.tsx'
import { allSteps, type Progressed, StepList } from './step-list.tsx'
import { Fault, useWork } from './trouble.tsx'
import { useAccount } from './use-account.ts'
import { useObstacle } from './use-obstacle.ts'
import { useWays } from './use-ways.ts'
import { WayRadios } from './way-radios.tsx'
import { isAccount, type Way } from './ways.ts'

export type Made = { id: string; name: string; isSafe: boolean; trouble: unknown }

/** Files become a backup: encrypted here, sent, fetched back, opened. */
export function CreateCard() {
  const words = useWords(backups)
  const { all } = useWays()
  const { shown, putKept, setOpened, spare } = useShelf()
  const id = useId()
  const router = useRouter()
  const obstacle = useObstacle()
  const checkFiles = useCheckFiles()
  const [files, setFiles] = useState<File[]>([])
  const [name, setName] = useState('')
  const [way, setWay] = useState<Way>('passkey')
  const passphrase = useNewPassphrase(id)
  const [recovery, setRecovery] = useState<{ key: FirstRecoveryKey; text: string; isSaved: boolean } | null>(null)
  const [progress, setProgress] = useState<Progressed | null>(null)
  const [made, setMade] = useState<Made | null>(null)
  const { busy, error, run, notice } = useWork()
  const account = useAccount()
  const needsPassphrase = way === 'passphrase' || isAccount(way)
  const isWithoutPrf = isFactorError(error, 'passkey-without-prf')

  useEffect(() => {
    if (obstacle !== null || isWithoutPrf) setWay((now) => (now === 'passkey' ? 'recovery-key' : now))
  }, [obstacle, isWithoutPrf])

  function check(): string {
    checkFiles(files)
    const called = name.trim()
    if (called === '') throw new Fault(words.create.needsName)
    if (needsPassphrase && passphrase.fault) throw new Fault(passphrase.fault)
    return called
  }

  async function start(called: string, window: AccountWindow | null) {
    const crypto = await import('#app/_crypto/sealed-backups.ts')
    const key = recovery?.key ?? (await crypto.createRecoveryKey())
    if (way === 'recovery-key' && !recovery?.isSaved) {
      if (recovery) throw new Fault(words.recovery.first)
      return setRecovery({ key, text: crypto.writeRecoveryKey(key), isSaved: false })
    }
    setProgress({ done: [] })
    const factorOf = () => {
      if (way === 'passkey')
        return crypto.newPasskeyWay({
          member: shown.memberName,
          backup: called,
          label: labelOf(shown.deviceName),
        })
      if (window) return crypto.accountWay(window, passphrase.text)
      return way === 'recovery-key'
        ? crypto.recoveryWay(key)
        : crypto.passphraseWay(passphrase.text, key.backupId, true)
    }
    const onStep: OnStep = (step, sent) =>
      setProgress((now) => ({ done: [...new Set([...(now?.done ?? []), step])], ...(sent ? { sent } : {}) }))
    const sources = files.map((file) => crypto.fileFromBlob(file.name, file))
    const { accountId: owner } = shown
    try {
      const result = await crypto.createAndCheck(
        { name: called, owner, files: sources, factor: await factorOf(), recovery: key },
        onStep,
      )
      if (way !== 'recovery-key') spare.set(key.backupId, key)
      putKept(result.device)
      setOpened(key.backupId, result.opened)
      setProgress((now) => (result.opened ? { done: allSteps } : { done: now?.done ?? [], failed: true }))
      router.refresh()
      setMade({ id: key.backupId, name: called, isSafe: result.opened !== null, trouble: result.trouble })
    } catch (cause) {
      setProgress((now) => now && { ...now, failed: true })
      throw cause
    }
  }

  function submit(event: FormEvent) {
    event.preventDefault()
    setProgress(null)
    void run(async () => {
      const called = check()
      await start(called, account.open(way))
    }).finally(account.close)
  }

  function again() {
    setFiles([])
    setName('')
    setRecovery(null)
    setProgress(null)
    setMade(null)
    passphrase.clear()
  }

  if (made && progress) return <CreatedCard made={made} progress={progress} onAgain={again} />
  const askedLater = busy && progress !== null
  return (
    <Card id={`${id}-create`} heading={words.create.heading}>
      <form method="dialog" onSubmit={submit} noValidate>
        <FilePicker
          files={files}
          disabled={busy}
          onChange={(chosen) => {
            setFiles(chosen)
            if (name === '' && chosen[0]) setName(chosen[0].name.replace(/\.[^.]*$/, '').slice(0, 60))
          }}
        />
        <Field
          id={`${id}-name`}
          label={words.create.name}
          hint={words.create.nameHint}
          value={name}
          onChange={(event) => setName(event.target.value)}
          maxLength={60}
          autoComplete="off"
          disabled={busy}
          required
        />
        <WayRadios legend={words.create.way} ways={all} value={way} onChange={setWay} disabled={busy} />
        {way === 'passkey' ? (
          <p className="mt-3 text-sm text-soft">
            {obstacle ? (
              <PasskeyTroubleWords why={obstacle} elsewhere={shown.elsewhere && `${shown.elsewhere}/home/backups`} />
            ) : (
              words.create.asks
            )}
          </p>
        ) : null}
        {needsPassphrase ? passphrase.fields : null}
        {way === 'recovery-key' && recovery ? (
          <RecoverySheet
            name={name.trim()}
            backupId={recovery.key.backupId}
            text={recovery.text}
            onSaved={() => setRecovery({ ...recovery, isSaved: true })}
          />
        ) : null}
        {isWithoutPrf ? <NoPrf /> : notice}
        {progress ? <StepList {...progress} /> : null}
        <button
          type="submit"
          className={`mt-5 ${smallButton.main}`}
          disabled={busy || (way === 'passkey' && obstacle !== null)}
          aria-busy={busy}
        >
          {askedLater
            ? words.create.working
            : recovery && way === 'recovery-key'
              ? words.recovery.kept
              : words.create.start}
        </button>
      </form>
    </Card>
  )
}

function NoPrf() {
  const words = useWords(backups).create
  return (
    <p role="alert" className="mt-5 rounded-xl border border-ember px-4 py-3">
      {words.noPrf}
    </p>
  )
}

/** What the list of ways calls a passkey that is made in this browser. */
export function labelOf(deviceName: string | null): string {
  return deviceName ?? ''
}
