import { letters } from '#server/notices/words/letters.ts'
import { type Addressed, type Letter, letter } from './letter.ts'

/**
 * Told when somebody signed in with a recovery code, for it needs neither the password nor a passkey.
 *
 * @param about.at  milliseconds
 * @param about.left  codes that still work
 */
export function recoveryCodeUsed(about: Addressed & { at: number; left: number }): Letter {
  return letter(about, ({ language, when }) => letters[language].recoveryCodeUsed({ ...about, at: when(about.at) }))
}
