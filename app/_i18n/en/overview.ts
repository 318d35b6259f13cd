/** Words of the page a member sees first. */
export const overview = {
  title: 'Home',
  heading: (name: string) => `Hello, ${name}`,
  allWell: 'Everything is as it should be.',
  lastKept: 'Last backup',
  attention: 'Needs your attention',
  concern: {
    damagedPersona: (id: string) => [`“${id}” is damaged`, 'Open it and restore an earlier version.'] as const,
    damagedCloud: (device: string) =>
      [`The backup of ${device} is damaged`, 'Restore an earlier version, or let the app save again.'] as const,
    nearlyFull: (used: string, quota: string) =>
      ['Your space is nearly full', `${used} of ${quota} are used. When it is full, apps cannot save.`] as const,
    nothingNew: [
      'No backup for two weeks',
      'Open your apps and check that they still save here. The last one came',
    ] as const,
    deviceSilent: (device: string) => [`${device} has not saved for two weeks`, 'Its last backup came'] as const,
    deviceNever: (device: string) =>
      [`${device} has never saved anything`, 'Open the app on it and start a backup. It was added'] as const,
    recoveryCodes: (left: number) =>
      left === 0
        ? ([
            'You have no recovery codes',
            'Print some and keep them safe: they let you in when nothing else does.',
          ] as const)
        : ([`Only ${left} recovery codes are left`, 'Make new ones before you need them.'] as const),
    look: 'Have a look',
  },
  space: {
    heading: 'Your space',
    used: (used: string, quota: string) => `${used} of ${quota} used`,
    history: (bytes: string) => `Earlier versions take another ${bytes}; they do not count against your space.`,
    noHistory: 'Earlier versions do not count against your space.',
  },
  cloud: {
    heading: 'Cloud backup',
    empty: 'No app has saved a backup yet. In the app, enter this server’s address instead of its cloud’s.',
    never: 'nothing saved yet',
  },
  personas: {
    heading: 'Personas',
    empty: 'No persona is kept yet. Apps that back up keys store them here; you can upload one yourself, too.',
    more: (count: number) => `All ${count} personas`,
    open: 'All personas',
  },
  codes: {
    heading: 'One-time codes',
    empty: 'No one-time codes yet. Keep the second factor of your accounts here and open them by PIN.',
    count: (count: number) => (count === 1 ? '1 code' : `${count} codes`),
    none: 'no codes yet',
    open: 'Show the codes',
    start: 'Set up codes',
  },
  details: 'Details and history',
}
