import type { AuditEvent } from './audit.ts'

export type NoticeKind = {
  /** Whom it happened to, or everybody who keeps this server. */
  to: 'owner' | 'keepers'
  /** Whether a mail says so; false where a letter of its own goes out at once, or none could. */
  mail: boolean
  /** Further ones within the hour say nothing new; without it only exact repetitions are left out. */
  hourly?: boolean
}

/** By event; those that are not here are told to nobody. */
type NoticeKinds = Partial<Record<AuditEvent['event'], NoticeKind>>

/**
 * What people are told of without having looked for it: each may be the first sign that somebody else is at it, or that
 * the server needs a hand.
 */
const kinds = {
  // Only those from a new place (`add-notices.ts`).
  'session.opened': { to: 'owner', mail: true },
  // Only when there are several (`add-notices.ts`).
  'session.refused': { to: 'owner', mail: true, hourly: true },
  'session.locked': { to: 'owner', mail: true, hourly: true },
  'session.replayed': { to: 'owner', mail: true, hourly: true },
  'account.password_changed': { to: 'owner', mail: false },
  'account.role_changed': { to: 'owner', mail: true },
  'account.exported': { to: 'owner', mail: true },
  'reset.link_issued': { to: 'owner', mail: true },
  'recovery.code_used': { to: 'owner', mail: false },
  'passkey.added': { to: 'owner', mail: false },
  'passkey.removed': { to: 'owner', mail: true },
  'factors.factor_added': { to: 'owner', mail: true, hourly: true },
  'factors.restored': { to: 'owner', mail: true, hourly: true },
  'object.restored': { to: 'owner', mail: true, hourly: true },
  'otp.device_locked': { to: 'owner', mail: false, hourly: true },
  'object.quarantined': { to: 'keepers', mail: true, hourly: true },
  'snapshot.failed': { to: 'keepers', mail: true, hourly: true },
  'snapshot.recovered': { to: 'keepers', mail: true, hourly: true },
  'snapshot.drill_failed': { to: 'keepers', mail: true, hourly: true },
  'storage.move_paused': { to: 'keepers', mail: true, hourly: true },
  'storage.moved': { to: 'keepers', mail: true, hourly: true },
  'store.unreachable': { to: 'keepers', mail: true, hourly: true },
  'store.reachable': { to: 'keepers', mail: true, hourly: true },
  'disk.nearly_full': { to: 'keepers', mail: true, hourly: true },
  'mail.dropped': { to: 'keepers', mail: false, hourly: true },
} satisfies NoticeKinds

export const noticeKinds: NoticeKinds = kinds

/** Those that a mail says. */
export type MailedEvent = {
  [Event in keyof typeof kinds]: (typeof kinds)[Event]['mail'] extends true ? Event : never
}[keyof typeof kinds]

export const mailedEvents = Object.entries(kinds).flatMap(([event, { mail }]) => (mail ? [event as MailedEvent] : []))
