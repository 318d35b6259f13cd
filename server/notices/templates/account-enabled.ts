import { type Letter, letter } from './letter.ts'
import { when } from './when.ts'

/** Told when a keeper opened an account again. @param at  milliseconds */
export function accountEnabled(about: { recipient: string; at: number; server: string }): Letter {
  return letter(
    'Your Hearthkeep Account Is Open Again',
    [
      `On ${when(about.at)} a keeper of the server opened the Hearthkeep account ${about.recipient} again. Everything is as it was.`,
      'Apps and browsers have to sign in once more.',
    ],
    about.server,
  )
}
