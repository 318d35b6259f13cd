import { type Letter, letter } from './letter.ts'

/**
 * The way back in (personas §5 point 3): names the address, says to ignore it if nobody asked, holds the link.
 *
 * @param minutes  how long the link works
 */
export function passwordReset(about: { recipient: string; link: string; minutes: number; server: string }): Letter {
  return letter(
    'You Requested a Password Reset for Hearthkeep',
    [
      `Someone, perhaps you, requested to reset the Hearthkeep password for ${about.recipient}`,
      'If you DID NOT request a password reset, please ignore this email.',
      'If you DO wish to reset your password, please visit:',
      { link: about.link },
      `The link works once, for ${about.minutes} minutes. Your backups stay as they are.`,
    ],
    about.server,
  )
}
