import Link from 'next/link'
import type { ReactNode } from 'react'
import { smallButton } from '#app/_components/small-button.ts'
import { watch } from '#app/_i18n/watch.ts'
import { wordsOf } from '#app/_i18n/words-of.ts'
import { kindsOfEvents } from '#app/_server/watch.ts'
import type { Search } from './read-filter.ts'

const look = 'mt-1 h-11 w-full rounded-lg border border-edge bg-card px-3 text-ink'

type Props = { search: Search; people: Array<{ id: string; name: string }> }

/** What is looked for; a plain form, so that the address of the page says it and works without scripts. */
export async function EventFilter({ search, people }: Props) {
  const { filter: words } = await wordsOf(watch)
  const given = (name: keyof Search) => (typeof search[name] === 'string' ? search[name] : '')
  return (
    <form action="/admin/security" method="get" className="mt-4 grid gap-4 sm:grid-cols-2 lg:grid-cols-3">
      <Labelled id="person" label={words.person}>
        <select id="person" name="person" defaultValue={given('person')} className={look}>
          <option value="">{words.everybody}</option>
          <option value="nobody">{words.noPerson}</option>
          {people.map(({ id, name }) => (
            <option key={id} value={id}>
              {name}
            </option>
          ))}
        </select>
      </Labelled>
      <Labelled id="kind" label={words.kind}>
        <select id="kind" name="kind" defaultValue={given('kind')} className={look}>
          <option value="">{words.everything}</option>
          {kindsOfEvents.map((kind) => (
            <option key={kind} value={kind}>
              {words.kinds[kind]}
            </option>
          ))}
        </select>
      </Labelled>
      <Labelled id="address" label={words.address}>
        <input
          id="address"
          name="address"
          type="text"
          inputMode="decimal"
          autoComplete="off"
          placeholder={words.addressHint}
          defaultValue={given('address')}
          className={look}
        />
      </Labelled>
      <Labelled id="from" label={words.from}>
        <input id="from" name="from" type="date" defaultValue={given('from')} className={look} />
      </Labelled>
      <Labelled id="until" label={words.until}>
        <input id="until" name="until" type="date" defaultValue={given('until')} className={look} />
      </Labelled>
      <div className="flex flex-wrap items-end gap-3">
        <button type="submit" className={smallButton.main}>
          {words.show}
        </button>
        <Link href="/admin/security" prefetch={false} className={smallButton.quiet}>
          {words.reset}
        </Link>
      </div>
    </form>
  )
}

function Labelled({ id, label, children }: { id: string; label: string; children: ReactNode }) {
  return (
    <div className="min-w-0">
      <label htmlFor={id} className="text-sm font-medium">
        {label}
      </label>
      {children}
    </div>
  )
}
