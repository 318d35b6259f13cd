import { letters } from '#server/notices/words/letters.ts'
import { type Addressed, type Letter, letter } from './letter.ts'

/** Sent when the keeper tries whether mail works. */
export function testMail(about: Addressed): Letter {
  return letter(about, ({ language }) => letters[language].testMail())
}
