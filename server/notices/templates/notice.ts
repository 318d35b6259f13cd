import type { MailedEvent } from '#server/notices/notice-kinds.ts'
import { notices } from '#server/notices/words/notices.ts'
import { type Addressed, type Letter, letter } from './letter.ts'

export type Noticed = Addressed & {
  event: MailedEvent
  /** What came together, the first first; `at` in milliseconds. */
  events: Array<{ at: number; address: string | null; details: Record<string, string | number | null> }>
}

const mostListed = 10

/** What somebody is told of by mail, several of a kind in one. */
export function noticeLetter(about: Noticed): Letter {
  return letter(about, ({ language, when }) => {
    const { events, moreBefore, happening } = notices[language]
    const { subject, happened, todo } = events[about.event]
    const listed = about.events.slice(-mostListed)
    const left = about.events.length - listed.length
    const times = [
      ...(left > 0 ? [moreBefore(left)] : []),
      ...listed.map(({ at, address, details: { from, version, reason } }) =>
        happening({ at: when(at), address, from, version, reason }),
      ),
    ]
    return { subject, paragraphs: [`${happened(about.recipient)}: ${times.join('; ')}.`, todo] }
  })
}
