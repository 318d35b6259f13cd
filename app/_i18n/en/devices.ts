/** Words of the page that lists everything that acts as its reader. */
export const devices = {
  title: 'Devices',
  lead: 'Everything that is signed in as you, and when it was last here. Anything that you do not know: sign it out and change your password.',
  unknown: 'A device without a name',
  isThis: 'this browser',
  since: 'since',
  seen: 'last seen',
  end: 'Sign out',
  endOf: (device: string) => `Sign out ${device}`,
  ended: 'It is signed out.',
  endOthers: 'Sign out everywhere else',
  endOthersHeading: 'Sign out everywhere else?',
  endOthersText:
    'All other browsers and apps are signed out at once. Apps cannot back up until you sign in there again.',
  endedOthers: 'Everything else is signed out.',
  browsers: { heading: 'Browsers', lead: 'Where you are signed in to these pages.' },
  cloud: {
    heading: 'Cloud backup',
    lead: 'Devices and apps that save their backup here.',
    saved: 'last backup',
    neverSaved: 'no backup yet',
    signedOut: 'signed out',
    shared: 'uses your shared backup',
    manage: 'Rename or remove them',
  },
  codes: {
    heading: 'One-time codes apps',
    lead: 'Apps that are signed in for your one-time codes. They still need your PIN.',
  },
  keys: {
    heading: 'Sync keys',
    lead: 'Apps with one of these keys can add changes, signed in or not. Freeze a key to stop that.',
    written: 'last change',
    neverWritten: 'no change yet',
    manage: 'Freeze, limit or delete them',
  },
}
