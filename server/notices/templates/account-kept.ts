import { type Letter, letter } from './letter.ts'
import { when } from './when.ts'

/** Told when a deletion was called off. @param at  milliseconds */
export function accountKept(about: { recipient: string; at: number; server: string }): Letter {
  return letter(
    'Your Hearthkeep Account Stays',
    [
      `On ${when(about.at)} the deletion of the Hearthkeep account ${about.recipient} was called off. Nothing was lost.`,
      'Apps that back up here have to sign in once more.',
      'If this was NOT you, change your password at once and tell the person who keeps this server.',
    ],
    about.server,
  )
}
