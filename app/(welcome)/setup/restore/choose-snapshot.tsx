'use client'

import { type FormEvent, useState } from 'react'
import { Button } from '#app/_components/button.tsx'
import { formatSize } from '#app/_components/format-size.ts'
import { Notice } from '#app/_components/notice.tsx'
import { useZonedDate } from '#app/_components/use-zoned-date.ts'
import { useLanguage } from '#app/_i18n/language-provider.tsx'
import { setup } from '#app/_i18n/setup.ts'
import { useWords } from '#app/_i18n/use-words.ts'
import type { Restorable } from '#app/_server/setup.ts'
import { Choice, Choices } from '#app/(welcome)/setup/choice.tsx'

type Props = {
  /** The newest first. */
  snapshots: Restorable[]
  busy: boolean
  trouble: string | null
  onChoose: (name: string) => void
  onBack: () => void
}

export function ChooseSnapshot({ snapshots, busy, trouble, onChoose, onBack }: Props) {
  const words = useWords(setup)
  const { restore } = words
  const whole = snapshots.filter(({ createdAt }) => createdAt !== null)
  const [chosen, setChosen] = useState(whole[0]?.name ?? '')

  function submit(event: FormEvent<HTMLFormElement>) {
    event.preventDefault()
    onChoose(chosen)
  }

  return (
    <form method="dialog" onSubmit={submit}>
      {whole.length > 0 ? (
        <Choices legend={restore.choose}>
          {whole.map((one) => (
            <OneSnapshot
              key={one.name}
              snapshot={one}
              isNewest={one === snapshots[0]}
              checked={one.name === chosen}
              onChange={() => setChosen(one.name)}
            />
          ))}
        </Choices>
      ) : null}
      {snapshots.length > whole.length ? (
        <ul className="mt-4 text-sm text-soft">
          {snapshots
            .filter(({ createdAt }) => createdAt === null)
            .map(({ name }) => (
              <li key={name}>
                {name}: {restore.damaged}
              </li>
            ))}
        </ul>
      ) : null}
      <p className="mt-5 rounded-xl border border-line px-4 py-3 text-sm">{restore.once}</p>
      {trouble ? <Notice>{trouble}</Notice> : null}
      <Button disabled={busy || chosen === ''}>{busy ? words.busy : restore.start}</Button>
      <button type="button" className="mt-5 font-medium text-ember underline underline-offset-4" onClick={onBack}>
        {words.back}
      </button>
    </form>
  )
}

type OneProps = { snapshot: Restorable; isNewest: boolean; checked: boolean; onChange: () => void }

function OneSnapshot({ snapshot, isNewest, checked, onChange }: OneProps) {
  const { restore } = useWords(setup)
  const language = useLanguage()
  const date = useZonedDate(snapshot.createdAt ?? 0, { dateStyle: 'full', timeStyle: 'short' })
  return (
    <Choice
      name="snapshot"
      value={snapshot.name}
      label={isNewest ? `${date} (${restore.newest})` : date}
      text={restore.about(snapshot.objects, formatSize(snapshot.bytes, language))}
      checked={checked}
      onChange={onChange}
    />
  )
}
