import type { Database, Orm } from '#db/client.ts'
import type { SeenStore } from '#server/kit/settled-time.ts'
import { readState, writeState } from './keeping-state.ts'

/** The time that was seen last, in the table of jobs. */
export function seenStore(db: Database): SeenStore {
  return {
    load: () => readState(db.read, 'clock.seen')?.details ?? null,
    save: (details) =>
      db.write((tx) => {
        const outcome = details.doubt ? 'in doubt' : 'ok'
        writeState(tx, 'clock.seen', { startedAt: details.at, finishedAt: details.at, outcome, details })
      }),
  }
}

/** A database that comes to another machine: what that one's uptime is says nothing about the time in between. */
export function forgetUptime(tx: Orm): void {
  const state = readState(tx, 'clock.seen')
  if (!state) return
  const { at, doubt } = state.details
  writeState(tx, 'clock.seen', { ...state, details: { at, uptime: null, doubt: doubt && { ...doubt, uptime: null } } })
}
