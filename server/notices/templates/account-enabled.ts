import { letters } from '#server/notices/words/letters.ts'
import { type Addressed, type Letter, letter } from './letter.ts'

/** Told when a keeper opened an account again. @param about.at  milliseconds */
export function accountEnabled(about: Addressed & { at: number }): Letter {
  return letter(about, ({ language, when }) => letters[language].accountEnabled({ ...about, at: when(about.at) }))
}
