'use client'

import { useRouter } from 'next/navigation'
import { type FormEvent, useId, useRef, useState } from 'react'
import { Field } from '#app/_components/field.tsx'
import { formatSize } from '#app/_components/format-size.ts'
import { Notice } from '#app/_components/notice.tsx'
import { smallButton } from '#app/_components/small-button.ts'
import { useSay } from '#app/_components/toasts.tsx'
import { UsageBar } from '#app/_components/usage-bar.tsx'
import { useProblemWords } from '#app/_components/words-of-problem.ts'
import { useLanguage } from '#app/_i18n/language-provider.tsx'
import { personas } from '#app/_i18n/personas.ts'
import { shell } from '#app/_i18n/shell.ts'
import { useWords } from '#app/_i18n/use-words.ts'
import { type Progress, sendPersona } from './send-persona.ts'

type Props = {
  /** What the page showed; null for a persona that is new. */
  replaces: { id: string; version: number } | null
  mostBytes: number
  /** The same in words. */
  most: string
}

/** A file becomes a persona, with progress and a way to stop. */
export function UploadForm({ replaces, mostBytes, most }: Props) {
  const words = useWords(personas).upload
  const { outcome: general } = useWords(shell)
  const language = useLanguage()
  const wordsOfProblem = useProblemWords()
  const id = useId()
  const say = useSay()
  const router = useRouter()
  const form = useRef<HTMLFormElement>(null)
  const [progress, setProgress] = useState<Progress | null>(null)
  const [trouble, setTrouble] = useState<string | null>(null)
  const stopper = useRef<AbortController | null>(null)

  /** What can be told before anything is sent. */
  function faultOf(name: string, file: FormDataEntryValue | null): string | null {
    if (name === '' || name.includes('/')) return words.needsName
    if (!(file instanceof File) || (file.size === 0 && file.name === '')) return words.needsFile
    if (file.size === 0) return words.emptyFile
    return file.size > mostBytes ? general.tooLarge : null
  }

  async function submit(event: FormEvent<HTMLFormElement>) {
    event.preventDefault()
    const data = new FormData(event.currentTarget)
    const file = data.get('file')
    const name = replaces?.id ?? String(data.get('name')).trim()
    const fault = faultOf(name, file)
    setTrouble(fault)
    if (fault !== null || !(file instanceof File)) return
    stopper.current = new AbortController()
    setProgress({ loaded: 0, total: file.size })
    const outcome = await sendPersona({
      id: name,
      file,
      replaces,
      signal: stopper.current.signal,
      onProgress: setProgress,
    })
    setProgress(null)
    if (outcome === 'stopped') return setTrouble(words.stopped)
    if (outcome === 'offline') return setTrouble(general.offline)
    if (!outcome.ok) {
      const own = replaces ? {} : { 'precondition.failed': words.taken }
      return setTrouble(wordsOfProblem(outcome, own))
    }
    form.current?.reset()
    say({ words: words.done(name), isBad: false })
    router.refresh()
  }

  const label = progress ? `${formatSize(progress.loaded, language)} / ${formatSize(progress.total, language)}` : ''
  return (
    <form method="dialog" ref={form} onSubmit={submit} noValidate>
      {replaces ? null : (
        <Field id={`${id}-name`} name="name" label={words.name} hint={words.nameHint} autoComplete="off" required />
      )}
      <Field
        id={`${id}-file`}
        name="file"
        type="file"
        label={words.file}
        hint={words.most(most)}
        required
        disabled={progress !== null}
      />
      {trouble ? <Notice>{trouble}</Notice> : null}
      {progress ? (
        <div className="mt-4">
          <UsageBar used={progress.loaded} total={progress.total} label={`${words.progress}: ${label}`} />
          <p className="mt-1 text-sm text-soft">{label}</p>
        </div>
      ) : null}
      <div className="mt-5 flex gap-2">
        <button type="submit" className={smallButton.main} disabled={progress !== null}>
          {words.start}
        </button>
        {progress ? (
          <button type="button" className={smallButton.quiet} onClick={() => stopper.current?.abort()}>
            {words.cancel}
          </button>
        ) : null}
      </div>
    </form>
  )
}
