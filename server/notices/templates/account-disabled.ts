import { type Letter, letter } from './letter.ts'
import { when } from './when.ts'

/** Told to whom a keeper shut out. @param at  milliseconds */
export function accountDisabled(about: { recipient: string; at: number; server: string }): Letter {
  return letter(
    'Your Hearthkeep Account Was Shut',
    [
      `On ${when(about.at)} a keeper of the server shut the Hearthkeep account ${about.recipient}. No app or browser can get in by it.`,
      'What you keep there is not deleted. To have it opened again, ask the person who keeps the server.',
    ],
    about.server,
  )
}
