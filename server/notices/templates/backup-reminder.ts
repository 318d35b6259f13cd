import { type Letter, letter } from './letter.ts'

/**
 * Sent when a keeper asks somebody to look at their backups.
 *
 * @param devices  what has not saved for a while, by name; empty = nothing at all did
 */
export function backupReminder(about: { recipient: string; devices: string[]; server: string }): Letter {
  const which =
    about.devices.length > 0
      ? `These have not saved anything for a while: ${about.devices.join(', ')}.`
      : 'Nothing was saved for a while.'
  return letter(
    'Please Look at Your Backups',
    [
      `The person who keeps your Hearthkeep server asks you to look at the backups of ${about.recipient}. ${which}`,
      'Open the app on the device and start a backup. If you no longer use the device, remove it on the page below.',
      { link: `${about.server}/home/cloud` },
    ],
    about.server,
  )
}
