import type { MailedEvent } from '#server/notices/notice-kinds.ts'

/** One time it happened, with what is known of it; `at` as this language says it. */
export type Happening = {
  at: string
  address: string | null
  /** What it came from, e.g. `Firefox on Windows`. */
  from?: string | number | null
  version?: string | number | null
  /** In a program's own words. */
  reason?: string | number | null
}

type Words = {
  subject: string
  /** A sentence without its end: the times follow. */
  happened: (recipient: string) => string
  todo: string
}

const account = (verb: string) => (recipient: string) => `The account of ${recipient} ${verb}`

const mine = 'If this was you, there is nothing to do.'
const notMine =
  'If it was NOT you, sign in at once, change your password, sign out everywhere else, and tell the person who keeps this server.'

const events: Record<MailedEvent, Words> = {
  'session.opened': {
    subject: 'Somebody Signed In to Your Hearthkeep Account From a New Place',
    happened: account('was signed in to from a place that it never was before'),
    todo: `${mine} ${notMine}`,
  },
  'session.refused': {
    subject: 'Wrong Passwords Were Tried on Your Hearthkeep Account',
    happened: account('had several sign-ins refused, because the password or the code was wrong'),
    todo: 'If it was you, mind the spelling or ask for a new password. If it was NOT you, nobody got in; a passkey cannot be guessed, so think about using one, and tell the person who keeps this server.',
  },
  'session.locked': {
    subject: 'Your Hearthkeep Account Was Locked for Strangers',
    happened: account(
      'had so many wrong passwords tried that for a day it takes no password from places it was not signed in to from before',
    ),
    todo: 'Where you signed in before, and with a passkey, everything works as always. The person who keeps this server can lift the lock.',
  },
  'session.replayed': {
    subject: 'A Session of Your Hearthkeep Account Was Ended for Safety',
    happened: account('had a sign-in of an app shown again that was used up, so somebody may hold a copy of it'),
    todo: 'Sign in again in that app. If no app of yours was moved or restored, change your password.',
  },
  'account.role_changed': {
    subject: 'Your Role on a Hearthkeep Server Was Changed',
    happened: account('was given another role by the keeper of this server'),
    todo: 'If you knew of it, there is nothing to do. If you did NOT, ask the person who keeps this server.',
  },
  'account.exported': {
    subject: 'Everything in Your Hearthkeep Account Was Downloaded',
    happened: account('had everything it keeps downloaded in one file'),
    todo: `${mine} ${notMine}`,
  },
  'reset.link_issued': {
    subject: 'A Password Reset Link for Your Hearthkeep Account Was Made',
    happened: account('had a one-time link made by the keeper of this server, by which a new password can be set'),
    todo: 'If you asked for it, there is nothing to do. If you did NOT, ask the person who keeps this server.',
  },
  'passkey.removed': {
    subject: 'A Passkey Was Removed From Your Hearthkeep Account',
    happened: account('had a passkey removed; it does not sign in any more'),
    todo: `${mine} ${notMine}`,
  },
  'factors.factor_added': {
    subject: 'A Way to Open Your Sealed Backup Was Added',
    happened: account('has a sealed backup that got another way to open it'),
    todo: `${mine} If it was NOT you, open the backup’s page, remove what you do not know, and tell the person who keeps this server.`,
  },
  'factors.restored': {
    subject: 'An Earlier Version of Your Sealed Backup Was Restored',
    happened: account('has a sealed backup of which an earlier version was put back'),
    todo: `${mine} If it was NOT you, the version before is in the backup’s history. ${notMine}`,
  },
  'object.restored': {
    subject: 'An Earlier Version of Your Backup Was Restored',
    happened: account('has a backup of which an earlier version was put back'),
    todo: `${mine} If it was NOT you, the version before is in the history. ${notMine}`,
  },
  'object.quarantined': {
    subject: 'Hearthkeep Found a Damaged File',
    happened: account('keeps a server on which a stored file was found missing or changed; it was set aside'),
    todo: 'Look at the disk, and at Keeper, Storage. Its owner is told on their pages and can restore an earlier version.',
  },
  'snapshot.failed': {
    subject: 'The Hearthkeep Snapshot Failed',
    happened: account('keeps a server whose snapshot failed'),
    todo: 'See Keeper, Snapshots for the reason. It is tried again every hour; until it works a lost disk loses what is new.',
  },
  'snapshot.recovered': {
    subject: 'Hearthkeep Snapshots Work Again',
    happened: account('keeps a server whose snapshots work again'),
    todo: 'There is nothing to do.',
  },
  'snapshot.drill_failed': {
    subject: 'A Hearthkeep Snapshot Did Not Stand Its Test',
    happened: account('keeps a server whose newest snapshot could not be restored whole when it was tried'),
    todo: 'See Keeper, Snapshots for the reason; the next snapshot mends what it can.',
  },
  'storage.move_paused': {
    subject: 'The Move of Your Hearthkeep Storage Had to Pause',
    happened: account('keeps a server whose stored files could not be moved any further'),
    todo: 'Nothing is lost; everything is still where it was. See Keeper, Storage for the reason, and go on from there.',
  },
  'storage.moved': {
    subject: 'Your Hearthkeep Storage Has Moved',
    happened: account('keeps a server whose stored files are all in their new place'),
    todo: 'There is nothing to do.',
  },
  'store.unreachable': {
    subject: 'Hearthkeep Cannot Reach Its Storage',
    happened: account('keeps a server that cannot write to or read from its storage'),
    todo: 'Until it can, nobody can save or fetch backups. Look at the disk or the S3 service, and at Keeper, Storage.',
  },
  'store.reachable': {
    subject: 'Hearthkeep Reaches Its Storage Again',
    happened: account('keeps a server that reaches its storage again'),
    todo: 'There is nothing to do.',
  },
  'disk.nearly_full': {
    subject: 'The Disk of Your Hearthkeep Server Is Nearly Full',
    happened: account('keeps a server whose disk is nearly full'),
    todo: 'When it is full, nobody can save. Make room, or move the storage to a larger one.',
  },
}

/** What people are told of by mail, several of a kind in one. The shape that other languages must have. */
export const notices = {
  events,
  moreBefore: (count: number) => `${count} more before`,
  happening: ({ at, address, from, version, reason }: Happening) =>
    [
      `on ${at}`,
      address && `from ${address}`,
      from && `with ${from}`,
      version && `version ${version}`,
      reason && `(${reason})`,
    ]
      .filter(Boolean)
      .join(' '),
}
