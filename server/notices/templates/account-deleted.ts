import { letters } from '#server/notices/words/letters.ts'
import { type Addressed, type Letter, letter } from './letter.ts'

/** The last letter to somebody whose account is gone. */
export function accountDeleted(about: Addressed): Letter {
  return letter(about, ({ language }) => letters[language].accountDeleted(about))
}
