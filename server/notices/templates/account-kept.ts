import { letters } from '#server/notices/words/letters.ts'
import { type Addressed, type Letter, letter } from './letter.ts'

/** Told when a deletion was called off. @param about.at  milliseconds */
export function accountKept(about: Addressed & { at: number }): Letter {
  return letter(about, ({ language, when }) => letters[language].accountKept({ ...about, at: when(about.at) }))
}
