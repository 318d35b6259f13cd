import type { Section } from '#app/_components/section.ts'

/** What a keeper looks after. Each has its pages in the folder of its name. */
export const keeperSections: Section[] = [
  { href: '/admin', name: 'keeper', inBar: true },
  { href: '/admin/people', name: 'people', inBar: true },
  { href: '/admin/storage', name: 'storage', inBar: true },
  { href: '/admin/snapshots', name: 'snapshots' },
  { href: '/admin/security', name: 'watch' },
  { href: '/admin/server', name: 'server', inBar: true },
]

/** The way back to what they keep for themselves. */
export const ownSections: Section[] = [{ href: '/home', name: 'home' }]
