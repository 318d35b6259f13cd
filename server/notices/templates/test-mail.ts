import { type Letter, letter } from './letter.ts'
import { when } from './when.ts'

/** That mail works, to whoever asked. @param at  milliseconds */
export function testMail(about: { at: number; server: string }): Letter {
  return letter(
    'Mail from Hearthkeep Works',
    [
      `On ${when(about.at)} the keeper of this Hearthkeep server tried whether it can send mail. You are reading it, so it can.`,
      'Nothing else has to be done.',
    ],
    about.server,
  )
}
