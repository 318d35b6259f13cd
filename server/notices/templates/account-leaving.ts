import { type Letter, letter } from './letter.ts'
import { when } from './when.ts'

/**
 * Told to whoever deleted their account, while they can still keep it.
 *
 * @param at, deleteAt  milliseconds
 */
export function accountLeaving(about: { recipient: string; at: number; deleteAt: number; server: string }): Letter {
  return letter(
    'Your Hearthkeep Account Will Be Deleted',
    [
      `On ${when(about.at)} you asked to delete the Hearthkeep account ${about.recipient}. It is shut from now on: no app can back up to it.`,
      `On ${when(about.deleteAt)} everything it keeps is deleted for good. Until then you can change your mind: sign in on the page below and choose “Keep my account”.`,
      { link: `${about.server}/sign-in` },
      'If it was NOT you, keep your account in this way at once, then change your password.',
    ],
    about.server,
  )
}
