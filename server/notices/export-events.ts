import type { Context } from '#server/context.ts'
import { type EventFilter, listAllEvents, type SeenEvent } from './list-all-events.ts'
import type { EventCursor } from './list-events.ts'

const atOnce = 500

/** RFC 4180, as spreadsheets read it. */
const columns = ['time', 'event', 'person', 'address', 'details']

/** What happened, the latest first, as CSV with CRLF, read from the database as it is sent. */
export async function* exportEvents({ db }: Pick<Context, 'db'>, filter: EventFilter): AsyncGenerator<Uint8Array> {
  // A spreadsheet takes it for UTF-8 by this mark.
  yield Buffer.from(`\ufeff${columns.join(',')}\r\n`)
  let before: EventCursor | null = null
  for (;;) {
    const events: SeenEvent[] = listAllEvents(db.read, filter, { before, limit: atOnce })
    const last = events.at(-1)
    if (!last) return
    before = { at: last.at, id: last.id }
    yield Buffer.from(events.map(lineOf).join(''))
    // Other requests have their turn.
    await new Promise((resolve) => setImmediate(resolve))
  }
}

function lineOf({ at, event, person, accountId, address, details }: SeenEvent): string {
  const known = Object.entries(details).map(([name, value]) => `${name}=${value}`)
  const cells = [new Date(at).toISOString(), event, person ?? accountId ?? '', address ?? '', known.join('; ')]
  return `${cells.map(cellOf).join(',')}\r\n`
}

/** A name such as `=cmd|…` must not become a formula (OWASP, CSV injection). */
export function cellOf(text: string): string {
  const plain = /^[=+\-@\t\r\n|%]/.test(text.trimStart()) || /^\s/.test(text) ? `'${text}` : text
  return `"${plain.replaceAll('"', '""')}"`
}
