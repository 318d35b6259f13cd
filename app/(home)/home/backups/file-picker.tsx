'use client'

import { type DragEvent, useId, useState } from 'react'
import { formatSize } from '#app/_components/format-size.ts'
import { smallButton } from '#app/_components/small-button.ts'
import { backups } from '#app/_i18n/backups.ts'
import { useLanguage } from '#app/_i18n/language-provider.tsx'
import { useWords } from '#app/_i18n/use-words.ts'
import { useShelf } from './shelf.tsx'
import { Fault } from './trouble.tsx'

type Props = { files: File[]; onChange: (files: File[]) => void; disabled?: boolean }

/** Files chosen by hand or dropped; what is chosen is added to what is there. */
export function FilePicker({ files, onChange, disabled = false }: Props) {
  const words = useWords(backups).files
  const language = useLanguage()
  const { mostBytes } = useShelf().shown
  const id = useId()
  const [isOver, setOver] = useState(false)
  const add = (more: FileList | null) => {
    const chosen = [...(more ?? [])]
    const replaced = new Set(chosen.map(({ name }) => name))
    onChange([...files.filter(({ name }) => !replaced.has(name)), ...chosen])
  }
  const over = (event: DragEvent) => {
    event.preventDefault()
    setOver(!disabled)
  }
  return (
    <div className="mt-4">
      <input
        id={id}
        type="file"
        multiple
        disabled={disabled}
        aria-describedby={`${id}-most`}
        className="peer sr-only"
        onChange={(event) => {
          add(event.target.files)
          event.target.value = ''
        }}
      />
      <label
        htmlFor={id}
        onDragEnter={over}
        onDragOver={over}
        onDragLeave={() => setOver(false)}
        onDrop={(event) => {
          over(event)
          setOver(false)
          if (!disabled) add(event.dataTransfer.files)
        }}
        className={`block cursor-pointer rounded-2xl border-2 border-dashed px-6 py-7 text-center transition-colors peer-focus-visible:outline-3 peer-focus-visible:outline-offset-2 peer-focus-visible:outline-ember ${isOver ? 'border-ember' : 'border-edge hover:border-ember'}`}
      >
        <span className="font-medium text-ember">{words.choose}</span> <span className="text-soft">{words.drop}</span>
      </label>
      <p id={`${id}-most`} className="mt-1.5 text-sm text-soft">
        {words.most(formatSize(mostBytes, language))}
      </p>
      {files.length > 0 ? (
        <>
          <p className="mt-3 text-sm" aria-live="polite">
            {words.chosen(files.length, formatSize(totalOf(files), language))}
          </p>
          <ul className="mt-1 max-h-64 divide-y divide-line overflow-y-auto">
            {files.map((file) => (
              <li key={file.name} className="flex items-center justify-between gap-3 py-2">
                <span className="min-w-0 break-all">
                  {file.name} <span className="text-sm text-soft">{formatSize(file.size, language)}</span>
                </span>
                <button
                  type="button"
                  disabled={disabled}
                  className={smallButton.quiet}
                  aria-label={words.leaveOutOf(file.name)}
                  onClick={() => onChange(files.filter((other) => other !== file))}
                >
                  {words.leaveOut}
                </button>
              </li>
            ))}
          </ul>
        </>
      ) : null}
    </div>
  )
}

/** Room for names, hashes, padding and the packing of a backup. */
const packing = 128 * 1024

/** What can be told before anything is encrypted. @throws Fault */
export function useCheckFiles(): (files: File[]) => void {
  const words = useWords(backups).files
  const language = useLanguage()
  const { mostBytes } = useShelf().shown
  return (files) => {
    if (files.length === 0) throw new Fault(words.none)
    if (totalOf(files) + packing > mostBytes) throw new Fault(words.tooMuch(formatSize(mostBytes, language)))
  }
}

function totalOf(files: File[]): number {
  return files.reduce((sum, { size }) => sum + size, 0)
}
