import { letters } from '#server/notices/words/letters.ts'
import { type Addressed, type Letter, letter } from './letter.ts'

/**
 * Told to whose account a keeper is having deleted.
 *
 * @param about.at, about.deleteAt  milliseconds
 */
export function deletionOrdered(about: Addressed & { at: number; deleteAt: number }): Letter {
  return letter(about, ({ language, when }) =>
    letters[language].deletionOrdered({ ...about, at: when(about.at), deleteAt: when(about.deleteAt) }),
  )
}
