'use client'

import { type ChangeEvent, type FormEvent, useRef } from 'react'
import { Button } from '#app/_components/button.tsx'
import { Field } from '#app/_components/field.tsx'
import { Notice } from '#app/_components/notice.tsx'
import type { Restorable } from '#app/_server/setup.ts'
import { PlaceFields } from '#app/(admin)/admin/place-fields.tsx'
import { findSnapshots } from '#app/(welcome)/setup/actions.ts'
import { useSetup } from '#app/(welcome)/setup/use-setup.ts'

type Props = { onFound: (found: { form: FormData; snapshots: Restorable[] }) => void }

/** Where the snapshots are, and the key that opens them. */
export function FindSnapshots({ onFound }: Props) {
  const { words, busy, trouble, setTrouble, answer } = useSetup()
  const { restore } = words
  const key = useRef<HTMLInputElement>(null)

  async function submit(event: FormEvent<HTMLFormElement>) {
    event.preventDefault()
    const form = new FormData(event.currentTarget)
    const found = await answer(() => findSnapshots(form), null)
    if (found) onFound({ form, snapshots: found.value })
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
    <form method="dialog" onSubmit={submit}>
      <PlaceFields id="from" chosen={null} folderHint={restore.folderHint} />
      <Field
        id="key"
        name="key"
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
