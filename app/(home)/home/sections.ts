import type { Section } from '#app/_components/section.ts'

/** What is kept here. */
export const keptSections: Section[] = [
  { href: '/home', name: 'home', inBar: true },
  { href: '/home/backups', name: 'backups', inBar: true },
  { href: '/home/cloud', name: 'cloud', inBar: true },
  { href: '/home/personas', name: 'personas' },
  { href: '/home/otp', name: 'codes', inBar: true },
  { href: '/home/sync', name: 'sync' },
]

/** The person it is kept for. */
export const ownSections: Section[] = [
  { href: '/home/activity', name: 'activity' },
  { href: '/home/devices', name: 'device' },
  { href: '/home/security', name: 'security' },
  { href: '/home/account', name: 'account' },
]

/** For those who keep this server; others do not hear of it. */
export const keeperSections: Section[] = [{ href: '/admin', name: 'keeper' }]
