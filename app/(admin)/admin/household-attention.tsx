import Link from 'next/link'
import { Icon } from '#app/_components/icon.tsx'
import { smallButton } from '#app/_components/small-button.ts'
import { people as area } from '#app/_i18n/people.ts'
import { wordsOf } from '#app/_i18n/words-of.ts'
import type { HouseholdConcern } from '#app/_server/people.ts'

const named = 4

/** Whose backups a keeper ought to look at, a line for each kind of trouble. */
export async function HouseholdAttention({ concerns }: { concerns: HouseholdConcern[] }) {
  const words = await wordsOf(area)
  const { attention } = words
  if (concerns.length === 0)
    return (
      <p className="inline-flex items-center gap-2 text-good">
        <Icon name="good" /> {attention.fine}
      </p>
    )
  const whoIsIn = (concern: HouseholdConcern) => {
    const { person } = concern
    if (!('deviceName' in concern)) return person.name
    return attention.device(concern.deviceName ?? words.list.nameless, person.name)
  }
  return (
    <section aria-labelledby="attention" className="rounded-2xl border border-ember bg-card p-5 sm:p-6">
      <h2 id="attention" className="flex items-center gap-2 text-lg font-semibold">
        <Icon name="warning" className="size-6 text-ember" /> {attention.heading}
      </h2>
      <ul className="mt-2 divide-y divide-line">
        {[...Map.groupBy(concerns, ({ kind }) => kind)].map(([kind, those]) => {
          const heading = attention[kind](those.length)
          const who = those.slice(0, named).map(whoIsIn).join(', ')
          const [first] = those
          const href = those.length === 1 ? `/admin/people/${first?.person.id}` : '/admin/people'
          return (
            <li key={kind} className="flex flex-wrap items-center gap-x-4 gap-y-2 py-3 last:pb-0">
              <div className="min-w-0 flex-1 basis-64">
                <p className="font-medium">{heading}</p>
                <p className="break-words text-soft">
                  {who}
                  {those.length > named ? ` ${attention.more(those.length - named)}` : null}
                </p>
              </div>
              <Link
                href={href}
                prefetch={false}
                className={smallButton.quiet}
                aria-label={`${attention.look}: ${heading}`}
              >
                {attention.look}
              </Link>
            </li>
          )
        })}
      </ul>
    </section>
  )
}
