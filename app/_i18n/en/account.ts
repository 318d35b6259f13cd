/** Words of the page about the account itself, and of the one by which somebody who deleted it comes back. */
export const account = {
  title: 'Account',
  lead: 'What you are called here, and what is yours to take or to delete.',
  names: {
    heading: 'Names',
    lead: 'You and your apps sign in with either of them.',
    email: 'E-mail address',
    username: 'User name',
    none: 'none',
    since: 'Member since',
    change: 'Change',
    save: 'Save the names',
    saving: 'Saving …',
    done: 'Saved. Sign in with the new name from now on, in your apps as well.',
    noMail: 'Without an e-mail address, only the person who keeps this server can help when you forget your password.',
    usernameHint: '3 to 50 letters (a to z), digits or underscores. Leave empty for none.',
    emailHint: 'Leave empty for none.',
    told: 'Your old address is told of the change.',
    taken: 'Somebody here has that name already.',
    invalid:
      'One of the two is needed: an e-mail address, or a user name of 3 to 50 letters (a to z), digits or underscores.',
  },
  download: {
    heading: 'Download everything',
    lead: 'One zip file with all personas and cloud backups, earlier versions included, your sync keys’ changes, the list of your one-time codes, your activity, and a page that explains it.',
    sealed:
      'What was sealed stays sealed: the apps and passwords that made it open it. The secrets of one-time codes are not in it; export them under your PIN on the page “Codes”.',
    start: 'Download everything',
    starting: 'Starting …',
    started: 'The download has begun. It can take a while; leave this page open until it is done.',
  },
  leave: {
    heading: 'Delete my account',
    lead: (days: number) =>
      days === 1
        ? 'Your account is shut at once. You have a day to change your mind; then everything you keep here is deleted for good.'
        : `Your account is shut at once. You have ${days} days to change your mind; then everything you keep here is deleted for good.`,
    atOnce: 'Your account is shut at once, and everything you keep here is deleted for good within a minute.',
    ask: 'Delete my account',
    question: 'Delete your account?',
    what: 'This goes: all personas and cloud backups with their earlier versions, all one-time codes, all sync keys linked to you, and your passkeys. Your apps cannot back up here from this moment on.',
    stays:
      'Sealed backups that are opened by a passkey or key file do not belong to the account; delete those on their own page. Of your activity, the keeper’s log keeps only what happened and when.',
    first: 'Download everything first if you may want any of it.',
    type: (name: string) => `To confirm, type ${name}`,
    mismatch: 'That is not the name of this account.',
    confirm: 'Delete my account',
    lastAdmin: 'You are the only admin. Make somebody else an admin first, or nobody can keep this server.',
    done: 'Your account is shut.',
  },
  leaving: {
    title: 'Your account is about to be deleted',
    lead: (name: string) => `You asked to delete the account ${name}. Until the day below nothing is lost.`,
    on: 'Everything is deleted on',
    keep: 'Keep my account',
    keeping: 'Opening it again …',
    signOut: 'Sign out; let it be deleted',
    tooLate: 'It is too late: the account is being deleted.',
    after: 'After you keep it, your apps have to sign in once more.',
  },
}
