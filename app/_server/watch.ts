import { exportEvents } from '#server/notices/export-events.ts'
import {
  type EventFilter,
  type EventKind,
  eventKinds,
  listAllEvents,
  type SeenEvent,
} from '#server/notices/list-all-events.ts'
import type { EventCursor } from '#server/notices/list-events.ts'
import { type Lockout, liftLockout, listLockouts } from '#server/people/lockouts.ts'
import { requireProof } from '#server/people/require-proof.ts'
import { listNames } from '#server/people/store.ts'
import type { Admin } from './admin.ts'
import { house } from './house.ts'
import { readVisitor } from './session-cookie.ts'

export type { EventFilter, EventKind, Lockout, SeenEvent }

/** In the order of the page. */
export const kindsOfEvents = Object.keys(eventKinds) as EventKind[]

export type WatchShown = {
  events: SeenEvent[]
  people: Array<{ id: string; name: string }>
  lockouts: Lockout[]
  /** How long it is kept what happened. */
  auditDays: number
  now: number
}

export function watchFor(
  _admin: Admin,
  filter: EventFilter,
  page: { before: EventCursor | null; limit: number },
): WatchShown {
  const { ctx } = house()
  const { read } = ctx.db
  return {
    events: listAllEvents(read, filter, page),
    people: listNames(read),
    lockouts: listLockouts(ctx, read),
    auditDays: ctx.settings.values.auditDays,
    now: ctx.clock.now(),
  }
}

/** As a file of comma-separated values. @throws auth.proof_needed */
export function exportEventsFor(admin: Admin, filter: EventFilter): AsyncIterable<Uint8Array> {
  requireExportFor(admin)
  return exportEvents(house().ctx, filter)
}

/** Whether the admin may have the file now: it says of everybody when they come and go. @throws auth.proof_needed */
export function requireExportFor(admin: Admin): void {
  requireProof(house().ctx, admin)
}

/** Let somebody try again who guessed wrongly too often. @throws auth.proof_needed, not_found when it is over */
export async function liftLockoutFor(admin: Admin, key: string): Promise<void> {
  const { ctx } = house()
  requireProof(ctx, admin)
  await liftLockout(ctx, key, { accountId: admin.accountId, address: (await readVisitor()).address })
}
