import type { IconName } from '#app/_components/icon.tsx'
import type { shell } from '#app/_i18n/en/shell.ts'

type Section = {
  href: string
  /** What it is called in `shell.nav`, and its picture in `icon.tsx`. */
  name: keyof (typeof shell)['nav'] & IconName
  /** Under the thumb where there is no room for all; four at most, the rest is behind “More”. */
  inBar?: true
}

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
