import type { ListedEvent } from '#app/_server/home.ts'

type Words = Record<ListedEvent['event'], string>

/** Every event of the log in the words of somebody who is no engineer. */
const events: Words = {
  'account.created': 'Your account was made',
  'account.imported': 'Your account was brought over from another server',
  'account.password_changed': 'Your password was changed',
  'reset.requested': 'A password reset was asked for',
  'reset.mailed': 'A password reset link was mailed to you',
  'reset.link_issued': 'The keeper made a password reset link for you',
  'reset.refused': 'A wrong or old password reset code was tried',
  'session.opened': 'Somebody signed in',
  'session.refused': 'A sign-in with a wrong password was refused',
  'session.replayed': 'A used-up sign-in was shown again; that session was ended for safety',
  'session.closed': 'Somebody signed out',
  'session.revoked': 'A session was ended',
  'session.revoked_others': 'All other sessions were ended',
  'session.proven': 'You proved once more who you are',
  'passkey.added': 'A passkey was added',
  'passkey.renamed': 'A passkey was renamed',
  'passkey.removed': 'A passkey was removed',
  'recovery.codes_made': 'New recovery codes were made',
  'recovery.code_used': 'A recovery code was used',
  'device.added': 'A device was added for cloud backup',
  'device.removed': 'A device was removed from cloud backup',
  'device.keys_replaced': 'A device changed its keys',
  'otp.pin_refused': 'A wrong PIN was tried on your one-time codes',
  'otp.device_locked': 'One-time codes were locked after too many wrong PINs',
  'otp.device_added': 'A place for one-time codes was made',
  'otp.device_removed': 'A place for one-time codes was deleted',
  'otp.device_password_changed': 'A PIN was changed',
  'otp.removed': 'A one-time code was deleted',
  'object.quarantined': 'A stored file was found damaged and set aside',
  'object.healed': 'A file that seemed damaged was found whole',
  'object.restored': 'An earlier version was restored',
  'persona.deleted': 'A persona was deleted',
  'mail.dropped': 'A mail could not be delivered',
  'factors.created': 'A sealed backup was created',
  'factors.factor_added': 'A way to open a sealed backup was added',
  'factors.factor_removed': 'A way to open a sealed backup was removed',
  'factors.deleted': 'A sealed backup was deleted',
  'factors.reset': 'A sealed backup was reset',
  'factors.restored': 'A sealed backup was restored',
}

/** What deserves a second look when it was not oneself. */
const alarming: ReadonlySet<ListedEvent['event']> = new Set([
  'account.password_changed',
  'reset.refused',
  'session.refused',
  'session.replayed',
  'recovery.code_used',
  'otp.pin_refused',
  'otp.device_locked',
  'object.quarantined',
])

const kinds: Record<string, string> = { cloud: 'cloud backup', persona: 'persona', factors: 'sealed backup' }

/** Words of the page that tells what happened. */
export const activity = {
  title: 'Activity',
  lead: 'What happened to your account and your backups, the latest first. Was something not you? Change your password and end the other sessions under Security.',
  empty: { heading: 'Nothing has happened yet', text: 'Sign-ins, restores and changes will be listed here.' },
  older: 'Older',
  newest: 'Back to the latest',
  from: (address: string) => `from ${address}`,
  look: 'Was this you?',
  events,
  isAlarming: (event: ListedEvent['event']) => alarming.has(event),
  /** What is known of an event besides. */
  more({ event, details }: ListedEvent): string | null {
    const { kind, version, by, minutes } = details
    if (event === 'object.restored' || event === 'object.quarantined')
      return [kinds[String(kind)] ?? null, version ? `version ${version}` : null].filter(Boolean).join(', ') || null
    if (event === 'persona.deleted' && version) return `version ${version}`
    if (event === 'session.opened' && by) return `by ${by}`
    if (event === 'otp.device_locked' && minutes) return `for ${minutes} minutes`
    return null
  },
}
