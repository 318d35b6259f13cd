import { type Letter, letter } from './letter.ts'
import { when } from './when.ts'

/**
 * Told after every password change, so that one made by somebody else does not go unseen.
 *
 * @param at  milliseconds
 */
export function passwordChanged(about: { recipient: string; at: number; server: string }): Letter {
  return letter(
    'Your Hearthkeep Password Was Changed',
    [
      `The Hearthkeep password for ${about.recipient} was changed on ${when(about.at)}.`,
      'Every device that was signed in has been signed out. Your backups, and their earlier versions, are still there.',
      'If this was you, there is nothing to do.',
      'If it was NOT you, request a password reset at once and tell the person who keeps this server.',
    ],
    about.server,
  )
}
