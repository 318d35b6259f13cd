import { letters } from '#server/notices/words/letters.ts'
import { type Addressed, type Letter, letter } from './letter.ts'

/**
 * The way back in (personas §5 point 3): names the address, says to ignore it if nobody asked, holds the link.
 *
 * @param about.minutes  how long the link works
 */
export function passwordReset(about: Addressed & { link: string; minutes: number }): Letter {
  return letter(about, ({ language }) => letters[language].passwordReset(about))
}
