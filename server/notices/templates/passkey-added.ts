import { type Letter, letter } from './letter.ts'
import { when } from './when.ts'

/**
 * Told when an account gets another passkey, because it is another way in.
 *
 * @param at  milliseconds
 * @param label  what the passkey is called
 */
export function passkeyAdded(about: { recipient: string; at: number; label: string; server: string }): Letter {
  return letter(
    'A Passkey Was Added to Your Hearthkeep Account',
    [
      `The passkey “${about.label}” was added to the account of ${about.recipient} on ${when(about.at)}. It can be used to sign in.`,
      'If this was you, there is nothing to do.',
      'If it was NOT you, sign in at once, remove that passkey, change your password, and tell the person who keeps this server.',
    ],
    about.server,
  )
}
