import { letters } from '#server/notices/words/letters.ts'
import { type Addressed, type Letter, letter } from './letter.ts'

/**
 * Told when a device was locked after wrong passwords, because somebody may be trying.
 *
 * @param about.minutes  how long it stays locked
 */
export function otpDeviceLocked(about: Addressed & { device: string; minutes: number }): Letter {
  return letter(about, ({ language }) => letters[language].otpDeviceLocked(about))
}
