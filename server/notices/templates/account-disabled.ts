import { letters } from '#server/notices/words/letters.ts'
import { type Addressed, type Letter, letter } from './letter.ts'

/** Told to whom a keeper shut out. @param about.at  milliseconds */
export function accountDisabled(about: Addressed & { at: number }): Letter {
  return letter(about, ({ language, when }) => letters[language].accountDisabled({ ...about, at: when(about.at) }))
}
