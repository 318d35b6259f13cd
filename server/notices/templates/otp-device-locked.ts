import { type Letter, letter } from './letter.ts'

/**
 * Told when a device was locked after wrong passwords, because somebody may be trying.
 *
 * @param minutes  how long it stays locked
 */
export function otpDeviceLocked(about: { recipient: string; device: string; minutes: number; server: string }): Letter {
  return letter(
    'A Device With Your One-Time Passwords Was Locked',
    [
      `There were too many wrong passwords for the device “${about.device}” of ${about.recipient}.`,
      `It is locked for ${about.minutes} minutes, and for longer each further time. Nothing was opened, and nothing is lost.`,
      'If this was you, wait and try again.',
      'If it was NOT you, somebody is signed in with your Hearthkeep account: change its password, which signs out every device.',
    ],
    about.server,
  )
}
