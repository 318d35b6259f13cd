import { type EventFilter, type EventKind, kindsOfEvents } from '#app/_server/watch.ts'

/** Of the page's address, as anybody may have typed it. */
export type Search = Partial<Record<keyof EventFilter | 'before', string | string[]>>

const day = 24 * 3_600_000

/** What cannot be understood is left out. Days are those of this server's own time zone: it stands at home. */
export function readFilter(search: Search): EventFilter {
  const until = dayOf(search.until)
  return {
    kind: kindsOfEvents.find((kind): kind is EventKind => kind === search.kind) ?? null,
    person: matching(search.person, /^nobody$|^[0-9a-f-]{36}$/),
    address: matching(search.address, /^[0-9a-fA-F.:]{2,45}$/),
    from: dayOf(search.from),
    // To the end of that day, whichever way the clocks go in it.
    until: until === null ? null : startOfDay(until + 1.5 * day),
  }
}

/** The filter in the address of another page of it. */
export function queryOf(search: Search, more: Record<string, string> = {}): string {
  const { before: _, ...filter } = search
  const given = Object.entries({ ...filter, ...more }).filter(
    (pair): pair is [string, string] => Boolean(pair[1]) && typeof pair[1] === 'string',
  )
  const query = new URLSearchParams(given).toString()
  return query === '' ? '' : `?${query}`
}

function matching(given: string | string[] | undefined, shape: RegExp): string | null {
  const text = typeof given === 'string' ? given.trim() : ''
  return shape.test(text) ? text : null
}

function dayOf(given: string | string[] | undefined): number | null {
  const [, year, month, date] = /^(\d{4})-(\d\d)-(\d\d)$/.exec(typeof given === 'string' ? given : '') ?? []
  const at = new Date(Number(year), Number(month) - 1, Number(date)).getTime()
  return Number.isNaN(at) ? null : at
}

function startOfDay(at: number): number {
  const date = new Date(at)
  return new Date(date.getFullYear(), date.getMonth(), date.getDate()).getTime()
}
