'use client'

import { Ago } from '#app/_components/ago.tsx'
import { formatSize } from '#app/_components/format-size.ts'
import { smallButton } from '#app/_components/small-button.ts'
import { backups } from '#app/_i18n/backups.ts'
import { useLanguage } from '#app/_i18n/language-provider.tsx'
import { useWords } from '#app/_i18n/use-words.ts'
import type { OpenedBackup } from '#client/surfaces/factors/open-backup.ts'
import { saveFile } from './save-file.ts'
import { useShelf } from './shelf.tsx'

/** What is in an opened backup, to be downloaded. */
export function FilesList({ opened: { manifest, files } }: { opened: OpenedBackup }) {
  const words = useWords(backups)
  const language = useLanguage()
  const { now } = useShelf().shown

  async function downloadAll() {
    const { zipSync } = await import('fflate')
    saveFile('backup.zip', new Uint8Array(zipSync(Object.fromEntries(files), { level: 0 })), 'application/zip')
  }

  return (
    <>
      <p className="mt-2 text-sm text-soft">
        {words.content.from} <Ago at={manifest.savedAt} now={now} exact />
      </p>
      {manifest.files.length === 0 ? <p className="mt-3">{words.content.noFiles}</p> : null}
      <ul className="mt-2 max-h-96 divide-y divide-line overflow-y-auto">
        {manifest.files.map(({ name, size }) => (
          <li key={name} className="flex flex-wrap items-center justify-between gap-x-4 gap-y-2 py-2.5">
            <span className="min-w-0 break-all">
              {name} <span className="text-sm text-soft">{formatSize(size, language)}</span>
            </span>
            <button
              type="button"
              className={smallButton.quiet}
              aria-label={words.content.downloadOf(name)}
              onClick={() => saveFile(name.split('/').at(-1) ?? name, files.get(name) ?? new Uint8Array())}
            >
              {words.content.download}
            </button>
          </li>
        ))}
      </ul>
      {manifest.files.length > 1 ? (
        <button type="button" className={`mt-3 ${smallButton.quiet}`} onClick={downloadAll}>
          {words.content.all}
        </button>
      ) : null}
    </>
  )
}
