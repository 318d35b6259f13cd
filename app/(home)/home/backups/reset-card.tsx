'use client'

import { useRouter } from 'next/navigation'
import { type FormEvent, useId, useState } from 'react'
import { Field } from '#app/_components/field.tsx'
import { smallButton } from '#app/_components/small-button.ts'
import { useSay } from '#app/_components/toasts.tsx'
import { backups } from '#app/_i18n/backups.ts'
import { useWords } from '#app/_i18n/use-words.ts'
import type { BackupAccount } from '#client/surfaces/factors/backup-account.ts'
import { Fold } from './fold.tsx'
import { useShelf } from './shelf.tsx'
import { Fault, useWork } from './trouble.tsx'

/** Deletes a backup that nobody can open any more, by the key its number is made of. */
export function ResetCard() {
  const words = useWords(backups)
  const { dropKept } = useShelf()
  const id = useId()
  const say = useSay()
  const router = useRouter()
  const { busy, run, notice } = useWork()
  const [account, setAccount] = useState<BackupAccount | null>(null)

  function read(event: FormEvent<HTMLFormElement>) {
    event.preventDefault()
    const file = new FormData(event.currentTarget).get('file')
    void run(async () => {
      if (!(file instanceof File) || file.size === 0) throw new Fault(words.open.needsFile)
      const { readRecoveryKey } = await import('#app/_crypto/sealed-backups.ts')
      const key = readRecoveryKey(await file.text())
      if (!key.account) throw new Fault(words.reset.noKey)
      setAccount(key.account)
    })
  }

  const reset = (of: BackupAccount) =>
    run(async () => {
      const crypto = await import('#app/_crypto/sealed-backups.ts')
      await crypto.resetBackup(crypto.clientOfPage(), of)
      await dropKept(of.id)
      setAccount(null)
      say({ words: words.reset.done, isBad: false })
      router.refresh()
    })

  return (
    <Fold heading={words.reset.heading}>
      <p className="mt-2 text-soft">{words.reset.lead}</p>
      <form method="dialog" onSubmit={read} noValidate>
        <Field
          id={`${id}-file`}
          name="file"
          type="file"
          accept=".txt,.json,text/plain"
          label={words.reset.file}
          onChange={() => setAccount(null)}
          required
        />
        {account ? (
          <p className="mt-4 break-all">{words.reset.confirmText(account.id)}</p>
        ) : (
          <button type="submit" className={`mt-5 ${smallButton.bad}`} disabled={busy}>
            {words.reset.go}
          </button>
        )}
      </form>
      {notice}
      {account ? (
        <button
          type="button"
          className={`mt-5 ${smallButton.bad}`}
          disabled={busy}
          aria-busy={busy}
          onClick={() => reset(account)}
        >
          {words.reset.confirm}
        </button>
      ) : null}
    </Fold>
  )
}
