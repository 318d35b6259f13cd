import { Ago } from '#app/_components/ago.tsx'
import { Card } from '#app/_components/card.tsx'
import { watch } from '#app/_i18n/watch.ts'
import { wordsOf } from '#app/_i18n/words-of.ts'
import type { Lockout } from '#app/_server/watch.ts'
import { LiftButton } from './lift-button.tsx'

type Props = { lockouts: Lockout[]; now: number }

/** Doors that are closed after too many wrong guesses. */
export async function LockList({ lockouts, now }: Props) {
  const { locks: words } = await wordsOf(watch)
  return (
    <Card id="locks" heading={words.heading}>
      <p className="mt-2 max-w-prose text-soft">{lockouts.length === 0 ? words.none : words.lead}</p>
      {lockouts.length > 0 ? (
        <ul className="mt-2 divide-y divide-line">
          {lockouts.map((lockout) => (
            <LockRow key={lockout.key} lockout={lockout} now={now} />
          ))}
        </ul>
      ) : null}
    </Card>
  )
}

async function LockRow({ lockout, now }: { lockout: Lockout; now: number }) {
  const { locks: words } = await wordsOf(watch)
  const { key, what, account, address, wrong, until } = lockout
  const isAimed = what !== 'invitation' && what !== 'log link' && what !== 'pairing'
  const name = account?.name ?? (isAimed ? words.nobody : words.anybody)
  return (
    <li className="flex flex-wrap items-center gap-x-4 gap-y-2 py-3 last:pb-0">
      <div className="min-w-0 flex-1 basis-64">
        <p className="break-words font-medium">{name}</p>
        <p className="break-words text-sm text-soft">
          {words.count(wrong, words.what[what])} {address === null && what === 'password' ? words.everywhere : null}
          {address === null ? null : words.from(address)}
        </p>
        <p className="text-sm text-soft">
          {words.until} <Ago at={until} now={now} />
        </p>
      </div>
      <LiftButton lockKey={key} name={name} />
    </li>
  )
}
