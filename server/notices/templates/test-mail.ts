import { type Letter, letter } from './letter.ts'

/** Sent when the keeper tries whether mail works. */
export function testMail(about: { server: string }): Letter {
  return letter(
    'A Test Mail from Hearthkeep',
    [
      'Somebody who keeps this server asked it to send a test mail to this address. It has arrived, so mail works.',
      'There is nothing to do.',
    ],
    about.server,
  )
}
