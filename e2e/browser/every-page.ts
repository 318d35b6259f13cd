type Visit = {
  path: string
  by: 'stranger' | 'founder' | 'member' | 'keeper'
  /** There is nothing there, and the page says so. */
  isMissing?: true
  /** Made of the same parts as another page, so that one look is enough. */
  isLikeAnother?: true
  /** Only for somebody who has something. */
  needsThings?: true
}

/** Every page there is, for `pages.spec.ts`; a new page gets a line, which a test there insists on. */
export const everyPage: Visit[] = [
  { path: '/', by: 'stranger' },
  // As it is without HTTPS; `connect.spec.ts` looks at what the house sees.
  { path: '/connect', by: 'stranger' },
  { path: '/sign-in', by: 'stranger' },
  { path: '/password/reset.html', by: 'stranger' },
  { path: '/password/reset.html?email=mum%40home.test&reset_code=0', by: 'stranger' },
  { path: '/join', by: 'stranger' },
  { path: '/join/no-such-invitation', by: 'stranger' },
  { path: '/backup-account', by: 'stranger' },
  { path: '/nowhere', by: 'stranger', isMissing: true },
  // Only while a server is not set up.
  { path: '/setup', by: 'founder' },
  { path: '/setup/keeper', by: 'founder' },
  { path: '/setup/name', by: 'founder' },
  { path: '/setup/storage', by: 'founder' },
  { path: '/setup/mail', by: 'founder' },
  { path: '/setup/people', by: 'founder' },
  { path: '/setup/restore', by: 'founder' },
  { path: '/home', by: 'member' },
  { path: '/home/cloud', by: 'member' },
  { path: '/home/personas', by: 'member' },
  { path: '/home/personas/history?id=keys+of+mum', by: 'member', needsThings: true },
  { path: '/home/personas/history?id=nobody', by: 'member', isMissing: true },
  { path: '/home/backups', by: 'member' },
  { path: '/home/otp', by: 'member' },
  { path: '/home/activity', by: 'member' },
  { path: '/home/sync', by: 'member' },
  { path: '/home/devices', by: 'member' },
  { path: '/home/security', by: 'member' },
  { path: '/home/account', by: 'member' },
  { path: '/join/passkey', by: 'member' },
  { path: '/join/codes', by: 'member' },
  // Leads home whoever stays; `account.spec.ts` looks at what the others see.
  { path: '/leaving', by: 'member' },
  { path: '/admin', by: 'keeper' },
  { path: '/admin/ready', by: 'keeper' },
  { path: '/admin/security', by: 'keeper' },
  { path: '/admin/security?kind=server&address=10.0.0.1', by: 'keeper' },
  { path: '/admin/people', by: 'keeper' },
  // `people.spec.ts` looks at the people who are there.
  { path: '/admin/people/nobody', by: 'keeper', isMissing: true },
  { path: '/admin/storage', by: 'keeper' },
  { path: '/admin/snapshots', by: 'keeper' },
  { path: '/admin/server', by: 'keeper' },
  { path: '/admin/server/network', by: 'keeper' },
  { path: '/admin/server/mail', by: 'keeper', isLikeAnother: true },
  { path: '/admin/server/rules', by: 'keeper' },
  { path: '/admin/server/apps', by: 'keeper', isLikeAnother: true },
  { path: '/admin/server/storage', by: 'keeper', isLikeAnother: true },
  { path: '/admin/server/watching', by: 'keeper' },
]
