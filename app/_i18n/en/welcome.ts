/** Words of the front page, for people who are not signed in, and of addresses where nothing is. */
export const welcome = {
  title: 'Welcome',
  heading: 'Your family’s backups, kept at home',
  lead: 'Hearthkeep runs on a machine in your house and keeps the encrypted backups of your family’s apps. Nothing depends on somebody else’s cloud.',
  signIn: 'Sign in',
  join: {
    open: 'Make an account',
    invite: 'Join with an invitation',
    closed: 'No account? Ask the person who keeps this server.',
  },
  forPeople: [
    ['Nothing gets lost', 'Every backup keeps its earlier versions. One click brings one back.'],
    ['Yours alone', 'What your devices seal, nobody can open here, not even whoever holds this machine.'],
    ['Without a cloud', 'Apps save to your own server instead of somebody else’s.'],
  ],
  apps: {
    heading: 'For your apps',
    here: 'Give an app this server’s address instead of its cloud’s, the one in your browser’s address bar.',
    at: 'Give an app this server’s address instead of its cloud’s:',
    surfaces: {
      cloud: ['Cloud backup', 'One sealed backup a person or device, with versions.'],
      personas: ['Personas', 'Zip backups by e-mail and password.'],
      factors: ['Sealed backups', 'Opened by passkey, account or key pair.'],
      otp: ['One-time codes', 'Secrets of a device, unlocked with its PIN.'],
      sync: ['Sync', 'Encrypted changes, passed on between devices.'],
    },
  },
  version: (version: string) => `Version ${version}`,
  reference: 'API reference',
  nothingHere: {
    heading: 'There is nothing here',
    lead: 'The address may be mistyped, or what was here is gone.',
    back: 'Back to the start',
  },
}
