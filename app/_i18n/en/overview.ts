type Shown = [heading: string, text: string]

/** Words of the page a member sees first. */
export const overview = {
  title: 'Home',
  heading: (name: string) => `Hello, ${name}`,
  allWell: 'Everything is as it should be.',
  lastKept: 'Last backup',
  attention: 'Needs your attention',
  /** Headings, and what there is to know or do. */
  concern: {
    damagedPersona: (id: string): Shown => [`“${id}” is damaged`, 'Open it and restore an earlier version.'],
    damagedCloud: (device: string): Shown => [
      `The backup of ${device} is damaged`,
      'Restore an earlier version, or let the app save again.',
    ],
    nearlyFull: (used: string, quota: string): Shown => [
      'Your space is nearly full',
      `${used} of ${quota} are used. When it is full, apps cannot save.`,
    ],
    backupDamaged: (name: string): Shown => [
      `“${name}” is damaged`,
      'Do not store over it; restore an earlier version.',
    ],
    backupOneWay: (name: string): Shown => [
      `“${name}” has only one way to open it`,
      'If it is lost, so are the files. Add a recovery key.',
    ],
    nothingNew: [
      'No backup for two weeks',
      'Open your apps and check that they still save here. The last one came',
    ] as Shown,
    deviceSilent: (device: string): Shown => [`${device} has not saved for two weeks`, 'Its last backup came'],
    deviceNever: (device: string): Shown => [
      `${device} has never saved anything`,
      'Open the app on it and start a backup. It was added',
    ],
    nudged: [
      'The keeper asks you to look at your backups',
      'Open your apps and check that they save here; remove devices that you no longer use. You were asked',
    ] as Shown,
    recoveryCodes: (left: number): Shown =>
      left === 0
        ? ['You have no recovery codes', 'Print some and keep them safe: they let you in when nothing else does.']
        : [
            left === 1 ? 'Only 1 recovery code is left' : `Only ${left} recovery codes are left`,
            'Make new ones before you need them.',
          ],
    look: 'See to it',
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
  },
  backups: {
    heading: 'Backups',
    empty: 'No backup yet. Put files in that must not get lost; they are encrypted in your browser.',
    here: 'in this browser',
  },
  codes: {
    heading: 'One-time codes',
    empty: 'No one-time codes yet. Keep the second factor of your accounts here and open them by PIN.',
    count: (count: number) => (count === 1 ? '1 code' : `${count} codes`),
    none: 'no codes yet',
    nameless: 'A place without a name',
  },
  details: 'Open',
}
