'use client'

import { useRouter } from 'next/navigation'
import { type FormEvent, useState } from 'react'
import { Card } from '#app/_components/card.tsx'
import { smallButton } from '#app/_components/small-button.ts'
import { backups } from '#app/_i18n/backups.ts'
import { useWords } from '#app/_i18n/use-words.ts'
import { isFactorError } from '#client/surfaces/factors/errors.ts'
import type { FileSource } from '#client/surfaces/factors/file-source.ts'
import type { Known } from './backup-page.tsx'
import { FilePicker, useCheckFiles } from './file-picker.tsx'
import { useShelf } from './shelf.tsx'
import { allSteps, type Progressed, StepList } from './step-list.tsx'
import { useWork } from './trouble.tsx'

/** A new version by this browser's own key; it counts as safe once it was fetched back. */
export function SyncCard({ device, reload }: Known) {
  const all = useWords(backups)
  const words = all.sync
  const { opened, setOpened, putKept } = useShelf()
  const router = useRouter()
  const checkFiles = useCheckFiles()
  const [files, setFiles] = useState<File[]>([])
  const [keeps, setKeeps] = useState(true)
  const [progress, setProgress] = useState<Progressed | null>(null)
  const [said, setSaid] = useState<string | null>(null)
  const { busy, error, run, notice } = useWork()
  const current = opened.get(device.backupId)
  const isConflict = isFactorError(error, 'moved-on')
  const isChecked = device.checked?.manifestHash === device.seen.manifestHash

  async function sourcesFrom(): Promise<FileSource[]> {
    const crypto = await import('#app/_crypto/sealed-backups.ts')
    const chosen = files.map((file) => crypto.fileFromBlob(file.name, file))
    if (!current || !keeps) return chosen
    const names = new Set(chosen.map(({ name }) => name))
    const others = [...current.files].filter(([name]) => !names.has(name))
    return [...others.map(([name, bytes]) => crypto.fileFromBytes(name, bytes)), ...chosen]
  }

  const store = (replace: boolean) =>
    run(async () => {
      checkFiles(files)
      setSaid(null)
      setProgress({ done: [] })
      const crypto = await import('#app/_crypto/sealed-backups.ts')
      const onProgress = (sent: Progressed['sent'] & object) => setProgress({ done: ['encrypted'], sent })
      try {
        const stored = await crypto.storeVersion(device, await sourcesFrom(), { replace, onProgress })
        setProgress({ done: ['encrypted', 'sent'] })
        setSaid(stored.replaced ? words.replaced : words.done)
        putKept(stored.device)
      } catch (cause) {
        setProgress((now) => now && { ...now, failed: true })
        throw cause
      }
      // What is shown as its files is not what is stored now.
      if (current) crypto.close(current)
      setOpened(device.backupId, null)
      setFiles([])
      void reload()
      router.refresh()
    })

  function submit(event: FormEvent) {
    event.preventDefault()
    void store(false)
  }

  function lookAtFiles() {
    const card = document.getElementById('files')?.closest('section')
    card?.querySelector<HTMLElement>('input, button')?.focus()
    card?.scrollIntoView({ block: 'start' })
  }

  /** What is open is what the other device has replaced. */
  async function takeOver() {
    const crypto = await import('#app/_crypto/sealed-backups.ts')
    if (current) crypto.close(current)
    setOpened(device.backupId, null)
    requestAnimationFrame(lookAtFiles)
  }

  return (
    <Card id="sync" heading={words.heading}>
      <p className="mt-1 text-soft">{words.lead}</p>
      <form method="dialog" onSubmit={submit} noValidate>
        <FilePicker files={files} onChange={setFiles} disabled={busy} />
        {current ? (
          <label className="mt-4 flex cursor-pointer gap-3">
            <input
              type="checkbox"
              checked={keeps}
              onChange={(event) => setKeeps(event.target.checked)}
              className="mt-1.5 size-4 accent-ember"
            />
            <span>
              <span className="font-medium">{words.keep}</span>
              <span className="block text-sm text-soft">{words.keepHint}</span>
            </span>
          </label>
        ) : (
          <p className="mt-3 text-sm text-soft">
            {words.replaces} {words.openFirst}
          </p>
        )}
        {progress ? <StepList {...(said && isChecked ? { done: allSteps } : progress)} /> : null}
        {isConflict ? (
          <div role="alert" className="mt-5 rounded-xl border border-bad px-4 py-3">
            <p className="text-bad">{words.conflict}</p>
            <p className="mt-1 text-sm">{words.replaceText}</p>
            <div className="mt-3 flex flex-wrap gap-2">
              <button type="button" className={smallButton.main} onClick={takeOver}>
                {words.takeOver}
              </button>
              <button type="button" className={smallButton.bad} disabled={busy} onClick={() => store(true)}>
                {words.replace}
              </button>
            </div>
          </div>
        ) : (
          notice
        )}
        <p role="status" className="mt-3">
          {said && isChecked ? all.create.doneText : said}
        </p>
        <div className="mt-2 flex flex-wrap gap-2">
          <button type="submit" className={smallButton.main} disabled={busy} aria-busy={busy}>
            {busy ? words.working : words.start}
          </button>
          {said && !isChecked ? (
            <button type="button" className={smallButton.quiet} onClick={lookAtFiles}>
              {words.check}
            </button>
          ) : null}
        </div>
      </form>
    </Card>
  )
}
