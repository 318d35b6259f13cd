import { says } from '#server/notices/words/says.ts'

/** Times come as this language says them (`when.ts`), and stand after "on". */
type About = { recipient: string; at: string }

/** Every letter but those of `notices.ts`. The shape that other languages must have. */
export const letters = {
  from: (server: string) => `Hearthkeep at ${server}`,

  accountDeleted: ({ recipient }: { recipient: string }) =>
    says(
      'Your Hearthkeep Account Is Deleted',
      `The Hearthkeep account ${recipient} and everything it kept on this server are deleted.`,
      'Copies that the keeper of this server made of the whole server before go as those are replaced.',
    ),

  accountDisabled: ({ recipient, at }: About) =>
    says(
      'Your Hearthkeep Account Was Shut',
      `On ${at} a keeper of the server shut the Hearthkeep account ${recipient}. No app or browser can get in by it.`,
      'What you keep there is not deleted. To have it opened again, ask the person who keeps the server.',
    ),

  accountEnabled: ({ recipient, at }: About) =>
    says(
      'Your Hearthkeep Account Is Open Again',
      `On ${at} a keeper of the server opened the Hearthkeep account ${recipient} again. Everything is as it was.`,
      'Apps and browsers have to sign in once more.',
    ),

  accountKept: ({ recipient, at }: About) =>
    says(
      'Your Hearthkeep Account Stays',
      `On ${at} the deletion of the Hearthkeep account ${recipient} was called off. Nothing was lost.`,
      'Apps that back up here have to sign in once more.',
      'If this was NOT you, change your password at once and tell the person who keeps this server.',
    ),

  accountLeaving: ({ recipient, at, deleteAt, link }: About & { deleteAt: string; link: string }) =>
    says(
      'Your Hearthkeep Account Will Be Deleted',
      `On ${at} you asked to delete the Hearthkeep account ${recipient}. It is shut from now on: no app can back up to it.`,
      `On ${deleteAt} everything it keeps is deleted for good. Until then you can change your mind: sign in on the page below and choose “Keep my account”.`,
      { link },
      'If it was NOT you, keep your account in this way at once, then change your password.',
    ),

  deletionOrdered: ({ recipient, at, deleteAt }: About & { deleteAt: string }) =>
    says(
      'Your Hearthkeep Account Will Be Deleted',
      `On ${at} a keeper of the server had the Hearthkeep account ${recipient} shut, to be deleted.`,
      `On ${deleteAt} everything it keeps is deleted for good. Until then the person who keeps the server can call it off; ask them if there is something you need.`,
    ),

  backupReminder: ({ recipient, devices, link }: { recipient: string; devices: string[]; link: string }) => {
    const which =
      devices.length > 0
        ? `These have not saved anything for a while: ${devices.join(', ')}.`
        : 'Nothing was saved for a while.'
    return says(
      'Please Look at Your Backups',
      `The person who keeps your Hearthkeep server asks you to look at the backups of ${recipient}. ${which}`,
      'Open the app on the device and start a backup. If you no longer use the device, remove it on the page below.',
      { link },
    )
  },

  nameChanged: ({ recipient, at, now }: About & { now: string }) =>
    says(
      'Your Hearthkeep Account Has Another Name Now',
      `On ${at} the names by which one signs in to the Hearthkeep account ${recipient} were changed. It is now called ${now}.`,
      'If this was you, sign in with the new name from now on, in your apps as well.',
      'If it was NOT you, tell the person who keeps this server at once.',
    ),

  otpDeviceLocked: ({ recipient, device, minutes }: { recipient: string; device: string; minutes: number }) =>
    says(
      'A Device With Your One-Time Passwords Was Locked',
      `There were too many wrong passwords for the device “${device}” of ${recipient}.`,
      `It is locked for ${minutes} minutes, and for longer each further time. Nothing was opened, and nothing is lost.`,
      'If this was you, wait and try again.',
      'If it was NOT you, somebody is signed in with your Hearthkeep account: change its password, which signs out every device.',
    ),

  passkeyAdded: ({ recipient, at, label }: About & { label: string }) =>
    says(
      'A Passkey Was Added to Your Hearthkeep Account',
      `The passkey “${label}” was added to the account of ${recipient} on ${at}. It can be used to sign in.`,
      'If this was you, there is nothing to do.',
      'If it was NOT you, sign in at once, remove that passkey, change your password, and tell the person who keeps this server.',
    ),

  passwordChanged: ({ recipient, at }: About) =>
    says(
      'Your Hearthkeep Password Was Changed',
      `The Hearthkeep password for ${recipient} was changed on ${at}.`,
      'Every device that was signed in has been signed out. Your backups, and their earlier versions, are still there.',
      'If this was you, there is nothing to do.',
      'If it was NOT you, request a password reset at once and tell the person who keeps this server.',
    ),

  passwordReset: ({ recipient, link, minutes }: { recipient: string; link: string; minutes: number }) =>
    says(
      'You Requested a Password Reset for Hearthkeep',
      `Someone, perhaps you, requested to reset the Hearthkeep password for ${recipient}`,
      'If you DID NOT request a password reset, please ignore this email.',
      'If you DO wish to reset your password, please visit:',
      { link },
      `The link works once, for ${minutes} minutes. Your backups stay as they are.`,
    ),

  recoveryCodeUsed: ({ recipient, at, left }: About & { left: number }) => {
    const codes = left === 1 ? '1 code still works' : `${left} codes still work`
    return says(
      'A Recovery Code of Your Hearthkeep Account Was Used',
      `Somebody signed in as ${recipient} with a recovery code on ${at}. That code is used up; ${codes}.`,
      'If this was you, there is nothing to do, except to make new codes when few are left.',
      'If it was NOT you, sign in at once, sign out everywhere else and make new recovery codes, and tell the person who keeps this server.',
    )
  },

  testMail: () =>
    says(
      'A Test Mail from Hearthkeep',
      'Somebody who keeps this server asked it to send a test mail to this address. It has arrived, so mail works.',
      'There is nothing to do.',
    ),
}
