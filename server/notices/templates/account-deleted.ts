import { type Letter, letter } from './letter.ts'

/** The last letter to somebody whose account is gone. */
export function accountDeleted(about: { recipient: string; server: string }): Letter {
  return letter(
    'Your Hearthkeep Account Is Deleted',
    [
      `The Hearthkeep account ${about.recipient} and everything it kept on this server are deleted.`,
      'Copies that the keeper of this server made of the whole server before go as those are replaced.',
    ],
    about.server,
  )
}
