import { letters } from '#server/notices/words/letters.ts'
import { type Addressed, type Letter, letter } from './letter.ts'

/**
 * Told to whoever deleted their account, while they can still keep it.
 *
 * @param about.at, about.deleteAt  milliseconds
 */
export function accountLeaving(about: Addressed & { at: number; deleteAt: number }): Letter {
  const link = `${about.server}/sign-in`
  return letter(about, ({ language, when }) =>
    letters[language].accountLeaving({ ...about, at: when(about.at), deleteAt: when(about.deleteAt), link }),
  )
}
