export const en = {
  name: 'Hearthkeep',
  starting: { heading: 'Hearthkeep is starting', lead: 'This takes a moment.' },
  stopping: { heading: 'Hearthkeep is stopping', lead: 'Requests under way are still being answered.' },
  stopped: { heading: 'Hearthkeep is stopped', lead: 'Backups of the family are not taken until it runs again.' },
  notSetUp: {
    heading: 'Hearthkeep is running and wants to be set up',
    lead: 'Until then only this computer can reach it. The set-up opens in your browser.',
  },
  serving: {
    heading: 'Hearthkeep is running',
    lead: 'Devices in the house reach it. This code leads them to the page that tells how to connect.',
  },
  paused: {
    heading: 'Hearthkeep is running for this computer only',
    lead: 'Other devices are kept out until you let them in again.',
  },
  pairing: {
    heading: 'Scan this with the other device',
    lead: 'It makes the device trust this server, and signs nobody in. Good for ten minutes, once.',
  },
  pairingCode: 'Or type this code there',
  alone: { heading: 'Hearthkeep is running', lead: 'Only this computer can reach it: HTTPS is off.' },
  waiting: (seconds: number) => ({
    heading: 'Hearthkeep has stopped unexpectedly',
    lead: `It is started again ${seconds === 1 ? 'in a second' : `in ${seconds} seconds`}. Nothing that was kept is lost.`,
  }),
  failed: {
    'port-in-use': (port: number | undefined) => ({
      heading: 'Another program is in the way',
      lead: `Port ${port ?? ''} is used by another program on this computer. End that program and try again, or use another port; apps then need the new address.`,
    }),
    'folder-in-use': {
      heading: 'Hearthkeep is running already',
      lead: 'Another Hearthkeep on this computer uses the same data folder. Stop it, or choose another folder.',
    },
    'folder-not-writable': {
      heading: 'The data folder cannot be written',
      lead: 'Is its drive connected, and are you allowed to write there? Then try again, or choose another folder.',
    },
    'disk-full': {
      heading: 'The disk is full',
      lead: 'Make room on the disk that holds the data folder, then try again. What was kept is safe.',
    },
    'database-too-new': {
      heading: 'This version of Hearthkeep is too old',
      lead: 'The data folder was last used by a newer version. Install that version, or a later one.',
    },
    'restore-unfinished': {
      heading: 'A restore has not finished',
      lead: 'What is in the data folder is not whole yet. Run the same restore again: it goes on where it stopped.',
    },
    certificate: {
      heading: 'The certificate cannot be used',
      lead: 'Without it no other device could trust this server. The details below say which file is meant.',
    },
    configuration: {
      heading: 'The configuration cannot be used',
      lead: 'An environment variable has a wrong value. The details below name it.',
    },
    unexpected: { heading: 'Hearthkeep could not start', lead: 'The details below help whoever helps you.' },
  },
  details: 'Details',
  keptIn: 'Kept in',
  onThisComputer: 'On this computer',
  inTheHouse: 'In the house',
  toConnect: 'To connect a device',
  qr: 'QR code of the address that connects a device',
  copy: 'Copy',
  copied: 'Copied',
  actions: {
    open: 'Open Hearthkeep',
    'set-up': 'Set up now',
    status: 'Status',
    pair: 'Connect a device',
    'try-again': 'Try again',
    'other-port': 'Use another port',
    'choose-folder': 'Choose data folder …',
    'show-log': 'Show log',
    'pause-lan': 'Keep other devices out',
    'resume-lan': 'Let other devices in',
    'start-at-login': 'Start at login',
    'install-update': 'Install update and restart',
    quit: 'Quit Hearthkeep',
  },
  chooseFolder: {
    title: 'Where Hearthkeep keeps everything',
    button: 'Keep it here',
    question: 'Use this folder from now on?',
    detail: (to: string, from: string) =>
      `New: ${to}\n\nWhat is kept in ${from} stays there and is not moved. Choose the old folder again to go back.`,
    yes: 'Use it',
    no: 'Cancel',
  },
  quitting: {
    question: 'Quit Hearthkeep?',
    detail: 'Backups of the family are not taken while it does not run.',
    yes: 'Quit',
    no: 'Cancel',
  },
  update: {
    ready: (version: string) => `Version ${version} is ready to be installed. The database is copied aside before.`,
    installing: (version: string) => `Version ${version} is being installed …`,
    refused: (words: string) =>
      `The update was not installed, because the database could not be copied first: ${words}`,
  },
}

export type Words = typeof en
