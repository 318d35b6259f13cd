import { type Letter, letter } from './letter.ts'
import { when } from './when.ts'

/**
 * Told to whose account a keeper is having deleted.
 *
 * @param at, deleteAt  milliseconds
 */
export function deletionOrdered(about: { recipient: string; at: number; deleteAt: number; server: string }): Letter {
  return letter(
    'Your Hearthkeep Account Will Be Deleted',
    [
      `On ${when(about.at)} a keeper of the server had the Hearthkeep account ${about.recipient} shut, to be deleted.`,
      `On ${when(about.deleteAt)} everything it keeps is deleted for good. Until then the person who keeps the server can call it off; ask them if there is something you need.`,
    ],
    about.server,
  )
}
