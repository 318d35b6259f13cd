import type { activity } from '#app/_i18n/en/activity.ts'
import type { ListedEvent } from '#app/_server/home.ts'

/** What deserves a second look when it was not oneself. */
export const alarming: ReadonlySet<ListedEvent['event']> = new Set([
  'account.password_changed',
  'reset.refused',
  'session.refused',
  'session.replayed',
  'session.locked',
  'recovery.code_used',
  'otp.pin_refused',
  'otp.device_locked',
  'object.quarantined',
  'factors.factor_removed',
  'factors.deleted',
  'factors.reset',
])

type Words = Pick<typeof activity, 'kinds' | 'ways' | 'version' | 'minutes' | 'newPlace'>

/** What is known of an event besides, in words; null when that is nothing worth a line. */
export function moreOf({ event, details }: ListedEvent, words: Words): string | null {
  const { kind, version, by, minutes, label, names, from, isNew, reason } = details
  const known = [
    event.startsWith('passkey.') && label ? String(label) : null,
    event === 'session.opened' ? textIn(words.ways, by) : null,
    event === 'session.opened' && from ? String(from) : null,
    event === 'session.opened' && isNew ? words.newPlace : null,
    event.startsWith('snapshot.') && reason ? String(reason) : null,
    event.startsWith('object.') ? textIn(words.kinds, kind) : null,
    version ? words.version(Number(version)) : null,
    event === 'server.settings_changed' && names ? String(names) : null,
    event === 'otp.device_locked' && minutes ? words.minutes(Number(minutes)) : null,
  ]
  return known.filter(Boolean).join(', ') || null
}

function textIn(texts: Record<string, string>, key: string | number | null | undefined): string | null {
  return texts[String(key)] ?? null
}
