import type { SeenEvent } from '#app/_server/watch.ts'

/** The same thing again and again: the latest of them, and how many there were. */
export type FoldedEvent = { event: SeenEvent; count: number }

/** Fold what follows each other and differs in the time alone, so that a hundred wrong passwords are one line. */
export function foldEvents(events: SeenEvent[]): FoldedEvent[] {
  const folded: FoldedEvent[] = []
  for (const event of events) {
    const last = folded.at(-1)
    if (last && sameAs(last.event) === sameAs(event)) last.count++
    else folded.push({ event, count: 1 })
  }
  return folded
}

function sameAs({ event, accountId, address, details }: SeenEvent): string {
  return JSON.stringify([event, accountId, address, details])
}
