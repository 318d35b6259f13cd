'use client'

import { type ChangeEvent, type FormEvent, useRef, useState } from 'react'
import { Button } from '#app/_components/button.tsx'
import { Field } from '#app/_components/field.tsx'
import { Notice } from '#app/_components/notice.tsx'
import type { Restorable } from '#app/_server/setup.ts'
import { findSnapshots, type RestoreFromGiven } from '#app/(welcome)/setup/actions.ts'
import { Choice, Choices } from '#app/(welcome)/setup/choice.tsx'
import { useS3Fields } from '#app/(welcome)/setup/s3-fields.tsx'
import { useSetup } from '#app/(welcome)/setup/use-setup.ts'

type Props = { onFound: (found: { from: RestoreFromGiven; snapshots: Restorable[] }) => void }

/** Where the snapshots are, and the key that opens them. */
export function FindSnapshots({ onFound }: Props) {
  const { words, busy, trouble, setTrouble, answer } = useSetup()
  const { restore } = words
  const [kind, setKind] = useState<'folder' | 's3'>('folder')
  const key = useRef<HTMLInputElement>(null)
  const { fields, s3 } = useS3Fields()

  async function submit(event: FormEvent<HTMLFormElement>) {
    event.preventDefault()
    const folder = String(new FormData(event.currentTarget).get('folder') ?? '').trim()
    const source = kind === 'folder' ? { kind, folder } : { kind, s3 }
    const from = { source, key: key.current?.value ?? '' }
    const found = await answer(() => findSnapshots(from), null)
    if (found) onFound({ from, snapshots: found.value })
  }

  async function readFile({ target }: ChangeEvent<HTMLInputElement>) {
    const file = target.files?.[0]
    if (!file) return
    setTrouble(null)
    const { keyInFile } = await import('./key-in-file.ts')
    const read = await keyInFile(file)
    if (read === null) setTrouble(restore.unreadable)
    else if (key.current) key.current.value = read
  }

  return (
    <form onSubmit={submit}>
      <Choices legend={restore.from}>
        <Choice
          name="source"
          value="folder"
          label={restore.folder.label}
          checked={kind === 'folder'}
          onChange={() => setKind('folder')}
        >
          <Field
            id="folder"
            type="text"
            label={restore.folder.path}
            name="folder"
            autoCapitalize="none"
            spellCheck={false}
            maxLength={4096}
            required
            hint={restore.folder.hint}
          />
        </Choice>
        <Choice name="source" value="s3" label={restore.s3} checked={kind === 's3'} onChange={() => setKind('s3')}>
          {fields}
        </Choice>
      </Choices>
      <Field
        id="key"
        type="text"
        label={restore.key}
        ref={key}
        placeholder="HKR1-…"
        autoComplete="off"
        autoCapitalize="characters"
        spellCheck={false}
        maxLength={200}
        required
        hint={restore.keyHint}
      />
      <Field
        id="kit"
        type="file"
        label={restore.picture}
        accept="image/*,text/plain,text/html,.txt,.html"
        onChange={readFile}
      />
      {trouble ? <Notice>{trouble}</Notice> : null}
      <Button disabled={busy}>{busy ? restore.looking : restore.look}</Button>
    </form>
  )
}
