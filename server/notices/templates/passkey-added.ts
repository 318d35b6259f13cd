import { letters } from '#server/notices/words/letters.ts'
import { type Addressed, type Letter, letter } from './letter.ts'

/**
 * Told when an account gets another passkey, because it is another way in.
 *
 * @param about.at  milliseconds
 * @param about.label  what the passkey is called
 */
export function passkeyAdded(about: Addressed & { at: number; label: string }): Letter {
  return letter(about, ({ language, when }) => letters[language].passkeyAdded({ ...about, at: when(about.at) }))
}
