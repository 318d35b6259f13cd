import type { EventCursor } from '#app/_server/home.ts'

/** `<time>.<id>` of the address, where a page of events goes on; null for the start, and for what is none. */
export function readCursor(text: string | string[] | undefined): EventCursor | null {
  const [, at, id] = /^(\d{1,15})\.([0-9a-f-]{36})$/.exec(typeof text === 'string' ? text : '') ?? []
  return at && id ? { at: Number(at), id } : null
}
