'use client'

import Link from 'next/link'
import { useEffect, useState } from 'react'
import { Ago } from '#app/_components/ago.tsx'
import { formatSize } from '#app/_components/format-size.ts'
import { useLanguage } from '#app/_i18n/language-provider.tsx'
import { overview } from '#app/_i18n/overview.ts'
import { useWords } from '#app/_i18n/use-words.ts'
import type { Overview } from '#app/_server/home.ts'
import { KeptRow, KeptRows } from './kept-rows.tsx'

type Props = { backups: Overview['backups']; owner: string; now: number }

/** Sealed backups on the member's list, with those marked that this browser keeps. */
export function KeptBackups({ backups, owner, now }: Props) {
  const { backups: words } = useWords(overview)
  const language = useLanguage()
  const [here, setHere] = useState<ReadonlySet<string>>(new Set())

  useEffect(() => {
    void import('#app/_crypto/kept-devices.ts')
      .then(({ listKept }) => listKept(owner))
      .then((devices) => setHere(new Set(devices.map(({ backupId }) => backupId))))
      .catch(() => {})
  }, [owner])

  if (backups.length === 0) return <p className="mt-2 text-soft">{words.empty}</p>
  return (
    <KeptRows>
      {backups.map(({ id, name, updatedAt, size }) => (
        <KeptRow
          key={id}
          name={
            <Link href={`/home/backups?backup=${id}`} prefetch={false} className="hover:text-ember hover:underline">
              {name}
            </Link>
          }
        >
          <Ago at={updatedAt} now={now} />
          {size === null ? null : ` · ${formatSize(size, language)}`}
          {here.has(id) ? ` · ${words.here}` : null}
        </KeptRow>
      ))}
    </KeptRows>
  )
}
