'use client'

import { Ago } from '#app/_components/ago.tsx'
import { AskFirst } from '#app/_components/ask-first.tsx'
import { Card } from '#app/_components/card.tsx'
import { Field } from '#app/_components/field.tsx'
import { useGuard } from '#app/_components/guard.tsx'
import { security } from '#app/_i18n/security.ts'
import { useWords } from '#app/_i18n/use-words.ts'
import type { SecurityOverview } from '#app/_server/security.ts'
import { removePasskey, renamePasskey } from './actions.ts'
import { AddPasskey } from './add-passkey.tsx'

type Passkey = SecurityOverview['passkeys'][number]

type Props = {
  passkeys: Passkey[]
  now: number
  /** The name that passkeys are for on this page; null when they cannot work here. */
  rpId: string | null
  /** This page under an address where they work. */
  elsewhere: string | null
}

export function PasskeyCard({ passkeys, now, rpId, elsewhere }: Props) {
  const words = useWords(security).passkeys
  return (
    <Card id="passkeys" heading={words.heading}>
      <p className="mt-2 max-w-prose text-soft">{words.lead}</p>
      {passkeys.length === 0 ? <p className="mt-4">{words.empty}</p> : null}
      <ul className="mt-4 divide-y divide-line">
        {passkeys.map((passkey) => (
          <li key={passkey.credentialId} className="flex flex-wrap items-center justify-between gap-x-6 gap-y-3 py-4">
            <About passkey={passkey} now={now} rpId={rpId} />
            <Change passkey={passkey} isLast={passkeys.length === 1} />
          </li>
        ))}
      </ul>
      <AddPasskey rpId={rpId} elsewhere={elsewhere} />
    </Card>
  )
}

function About({ passkey, now, rpId }: { passkey: Passkey; now: number; rpId: string | null }) {
  const words = useWords(security).passkeys
  const { label, keeper, synced, createdAt, lastUsedAt } = passkey
  const where = [
    ...(keeper && !label.startsWith(keeper) ? [keeper] : []),
    synced ? words.synced : words.oneDevice,
    ...(passkey.rpId === rpId ? [] : [words.elsewhere(passkey.rpId)]),
  ]
  return (
    <div className="min-w-0">
      <p className="break-words font-medium">{label}</p>
      <p className="text-sm text-soft">{where.join(', ')}</p>
      <p className="text-sm text-soft">
        {words.created} <Ago at={createdAt} now={now} />,{' '}
        {lastUsedAt === null ? (
          words.unused
        ) : (
          <>
            {words.used} <Ago at={lastUsedAt} now={now} />
          </>
        )}
      </p>
    </div>
  )
}

function Change({ passkey: { credentialId, label }, isLast }: { passkey: Passkey; isLast: boolean }) {
  const words = useWords(security).passkeys
  const guard = useGuard()
  return (
    <div className="flex flex-wrap gap-2">
      <AskFirst
        words={words.rename}
        label={words.renameOf(label)}
        heading={words.renameHeading}
        look="quiet"
        confirm={words.save}
        action={(form) => renamePasskey(credentialId, form)}
        done={words.renamed}
      >
        <Field
          id={`label-${credentialId}`}
          name="label"
          type="text"
          label={words.name}
          defaultValue={label}
          autoComplete="off"
          maxLength={60}
          required
        />
      </AskFirst>
      <AskFirst
        words={words.remove}
        label={words.removeOf(label)}
        heading={words.removeHeading(label)}
        action={() => guard(() => removePasskey(credentialId))}
        done={words.removed}
      >
        <p>{words.removeText}</p>
        {isLast ? <p className="mt-3 font-medium">{words.removeLast}</p> : null}
      </AskFirst>
    </div>
  )
}
