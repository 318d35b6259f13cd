'use client'

import { type FormEvent, useId, useState } from 'react'
import { Field } from '#app/_components/field.tsx'
import { PasskeyTroubleWords } from '#app/_components/passkey-trouble.tsx'
import { smallButton } from '#app/_components/small-button.ts'
import type { AccountWindow } from '#app/_crypto/account-window.ts'
import { backups } from '#app/_i18n/backups.ts'
import { shell } from '#app/_i18n/shell.ts'
import { useWords } from '#app/_i18n/use-words.ts'
import { isBackupId } from '#client/surfaces/factors/backup-id.ts'
import { isFactorError } from '#client/surfaces/factors/errors.ts'
import type { MainFactor } from '#client/surfaces/factors/main-factor.ts'
import { useShelf } from './shelf.tsx'
import { Fault, useWork } from './trouble.tsx'
import { useAccount } from './use-account.ts'
import { useObstacle } from './use-obstacle.ts'
import { WayRadios } from './way-radios.tsx'
import { isAccount, type Way } from './ways.ts'

type Props = {
  /** Above the choice. */
  legend: string
  ways: Way[]
  /** Null while it is not known which backup it will be. */
  backupId: string | null
  /** Credential ids of the passkeys that would do; none = any. */
  passkeys?: string[]
  /** On the button. */
  go: string
  working: string
  look?: 'main' | 'quiet'
  /** What it is for; what it throws is said here. */
  use: (factor: MainFactor) => Promise<unknown>
}

/** Ask for one of the ways into a backup, and use it. */
export function WayIn({ legend, ways, backupId, passkeys = [], go, working, look = 'main', use }: Props) {
  const words = useWords(backups)
  const { cancel } = useWords(shell)
  const { elsewhere } = useShelf().shown
  const id = useId()
  const obstacle = useObstacle()
  const [way, setWay] = useState<Way>(ways[0] ?? 'recovery-key')
  const { busy, run, notice } = useWork()
  const account = useAccount()
  const isStopped = way === 'passkey' && obstacle !== null

  async function factorFrom(form: FormData, window: AccountWindow | null): Promise<MainFactor> {
    const crypto = await import('#app/_crypto/sealed-backups.ts')
    if (way === 'passkey') return crypto.passkeyWay(passkeys)
    if (way === 'recovery-key') {
      const file = form.get('file')
      if (!(file instanceof File) || file.size === 0) throw new Fault(words.open.needsFile)
      return crypto.recoveryWay(crypto.readRecoveryKey(await file.text()))
    }
    if (window) return crypto.accountWay(window, String(form.get('passphrase')))
    const number = backupId ?? String(form.get('number')).trim()
    if (!isBackupId(number)) throw new Fault(words.passphrase.numberWrong)
    return crypto.passphraseWay(String(form.get('passphrase')), number)
  }

  function submit(event: FormEvent<HTMLFormElement>) {
    event.preventDefault()
    event.stopPropagation()
    const form = new FormData(event.currentTarget)
    const window = account.open(way)
    void run(async () => {
      const factor = await factorFrom(form, window)
      await use(factor).catch((error) => {
        const isWrong = way === 'passphrase' && isFactorError(error, 'factor-unknown')
        throw isWrong ? new Fault(words.trouble.wrongPassphrase) : error
      })
    }).finally(account.close)
  }

  return (
    <form method="dialog" onSubmit={submit} noValidate>
      {ways.length > 1 ? <WayRadios legend={legend} ways={ways} value={way} onChange={setWay} disabled={busy} /> : null}
      {way === 'recovery-key' ? (
        <Field
          id={`${id}-file`}
          name="file"
          type="file"
          accept=".txt,.json,text/plain"
          label={words.open.file}
          required
        />
      ) : null}
      {way === 'passphrase' || isAccount(way) ? (
        <>
          {backupId === null && way === 'passphrase' ? (
            <Field
              id={`${id}-number`}
              name="number"
              label={words.passphrase.number}
              hint={words.passphrase.numberHint}
              autoComplete="off"
              spellCheck={false}
              required
            />
          ) : null}
          <Field
            id={`${id}-passphrase`}
            name="passphrase"
            type="password"
            label={words.passphrase.it}
            autoComplete="off"
            required
          />
        </>
      ) : null}
      {isStopped ? (
        <p className="mt-4 text-sm text-soft">
          <PasskeyTroubleWords why={obstacle} elsewhere={elsewhere && `${elsewhere}/home/backups`} />
        </p>
      ) : null}
      {notice}
      <button type="submit" className={`mt-5 ${smallButton[look]}`} disabled={busy || isStopped} aria-busy={busy}>
        {busy ? working : go}
      </button>
      {busy && isAccount(way) ? (
        <button type="button" className={`ml-3 ${smallButton.quiet}`} onClick={account.stop}>
          {cancel}
        </button>
      ) : null}
    </form>
  )
}
