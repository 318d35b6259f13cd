import { letters } from '#server/notices/words/letters.ts'
import { type Addressed, type Letter, letter } from './letter.ts'

/**
 * Told to the address that an account had before, so that a change made by somebody else does not go unseen.
 *
 * @param about.at  milliseconds
 */
export function nameChanged(about: Addressed & { at: number; now: string }): Letter {
  return letter(about, ({ language, when }) => letters[language].nameChanged({ ...about, at: when(about.at) }))
}
