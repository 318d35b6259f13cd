'use client'

import { Ago } from '#app/_components/ago.tsx'
import { BadBadge } from '#app/_components/badge.tsx'
import { Card } from '#app/_components/card.tsx'
import { formatSize } from '#app/_components/format-size.ts'
import { UsageBar } from '#app/_components/usage-bar.tsx'
import { useLanguage } from '#app/_i18n/language-provider.tsx'
import { sync } from '#app/_i18n/sync.ts'
import { useWords } from '#app/_i18n/use-words.ts'
import type { SyncKey } from '#app/_server/sync.ts'
import { KeyButtons } from './key-buttons.tsx'

/** A key, what is stored under it, and what its owner can do about that. */
export function KeyCard({ syncKey, now }: { syncKey: SyncKey; now: number }) {
  const words = useWords(sync)
  const language = useLanguage()
  const { id, name, fingerprint, operations, bytes, clients, lastOperationAt, frozen, proofRequired, limits } = syncKey
  const size = (bytes: number) => formatSize(bytes, language)
  const used = words.usage(size(bytes), size(limits.bytes))
  return (
    <Card
      id={`key-${id}`}
      heading={name ?? words.nameless(fingerprint)}
      end={frozen ? <BadBadge>{words.frozen}</BadBadge> : undefined}
    >
      <p className="mt-1">
        {words.kept(operations, size(bytes))}
        {clients > 0 ? ` ${words.devices(clients)}` : null}
      </p>
      <p className="text-sm text-soft">
        {lastOperationAt === null ? (
          words.neverWritten
        ) : (
          <>
            {words.written} <Ago at={lastOperationAt} now={now} exact />
          </>
        )}
        {name === null ? null : (
          <>
            {' '}
            · {words.fingerprint} <span className="font-mono">{fingerprint}</span>
          </>
        )}
      </p>
      <UsageBar used={bytes} total={limits.bytes} label={used} warns />
      <p className="mt-1.5 text-sm text-soft">{used}</p>
      {frozen ? <p className="mt-2">{words.frozenHint}</p> : null}
      {proofRequired ? <p className="mt-2">{words.proof}</p> : null}
      <KeyButtons syncKey={syncKey} />
    </Card>
  )
}
