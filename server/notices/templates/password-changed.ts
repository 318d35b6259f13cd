import { letters } from '#server/notices/words/letters.ts'
import { type Addressed, type Letter, letter } from './letter.ts'

/**
 * Told after every password change, so that one made by somebody else does not go unseen.
 *
 * @param about.at  milliseconds
 */
export function passwordChanged(about: Addressed & { at: number }): Letter {
  return letter(about, ({ language, when }) => letters[language].passwordChanged({ ...about, at: when(about.at) }))
}
