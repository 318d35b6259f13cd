'use client'

import { useId, useRef, useState } from 'react'
import { smallButton } from '#app/_components/small-button.ts'
import { useSay } from '#app/_components/toasts.tsx'
import { backups } from '#app/_i18n/backups.ts'
import { shell } from '#app/_i18n/shell.ts'
import { useWords } from '#app/_i18n/use-words.ts'
import type { MainFactor } from '#client/surfaces/factors/main-factor.ts'
import type { Factor } from '#client/surfaces/factors/wire.ts'
import { useShelf } from './shelf.tsx'
import { Fault } from './trouble.tsx'
import { WayIn } from './way-in.tsx'
import { type Way, wayOf } from './ways.ts'
import type { KnownWays } from './ways-card.tsx'

/** Show that a way still opens the backup, without fetching it. */
export function TryWay({ factor, name, known }: { factor: Factor; name: string; known: KnownWays }) {
  const words = useWords(backups).ways
  const { cancel } = useWords(shell)
  const { putKept } = useShelf()
  const say = useSay()
  const id = useId()
  const dialog = useRef<HTMLDialogElement>(null)
  const [isOpen, setOpen] = useState(false)
  const { metadata, device } = known
  const way = wayOf(factor, metadata)
  if (way === 'account') return null
  const ways: Way[] = way === 'key-pair' ? ['recovery-key', 'passphrase'] : [way]

  async function use(made: MainFactor) {
    const crypto = await import('#app/_crypto/sealed-backups.ts')
    const tried = await crypto.tryWay(made, device, metadata)
    putKept(tried.device)
    if (!tried.decrypts) throw new Fault(words.doesNot(name))
    if (tried.usedId !== factor.id) throw new Fault(words.other)
    dialog.current?.close()
    say({ words: words.works(name), isBad: false })
  }

  return (
    <>
      <button
        type="button"
        className={smallButton.quiet}
        aria-label={words.tryOf(name)}
        onClick={() => {
          setOpen(true)
          dialog.current?.showModal()
        }}
      >
        {words.try}
      </button>
      <dialog
        ref={dialog}
        aria-labelledby={id}
        onClose={() => setOpen(false)}
        className="m-auto w-[min(28rem,calc(100vw-2rem))] rounded-2xl border border-line bg-card p-6 text-ink backdrop:bg-black/50"
      >
        <h2 id={id} className="break-words text-lg font-semibold">
          {words.tryHeading(name)}
        </h2>
        <p className="mt-2">{words.tryText}</p>
        {isOpen ? (
          <WayIn
            legend={words.which}
            ways={ways}
            backupId={device.backupId}
            passkeys={factor.kind.kind === 'PASSKEY' ? [factor.kind.credentialId] : []}
            go={words.try}
            working={words.try}
            use={use}
          />
        ) : null}
        <div className="mt-5 flex justify-end">
          <button type="button" className={smallButton.quiet} onClick={() => dialog.current?.close()}>
            {cancel}
          </button>
        </div>
      </dialog>
    </>
  )
}
