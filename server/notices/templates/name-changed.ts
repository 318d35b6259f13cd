import { type Letter, letter } from './letter.ts'
import { when } from './when.ts'

/**
 * Told to the address that an account had before, so that a change made by somebody else does not go unseen.
 *
 * @param at  milliseconds
 */
export function nameChanged(about: { recipient: string; at: number; now: string; server: string }): Letter {
  return letter(
    'Your Hearthkeep Account Has Another Name Now',
    [
      `On ${when(about.at)} the names by which one signs in to the Hearthkeep account ${about.recipient} were changed. It is now called ${about.now}.`,
      'If this was you, sign in with the new name from now on, in your apps as well.',
      'If it was NOT you, tell the person who keeps this server at once.',
    ],
    about.server,
  )
}
