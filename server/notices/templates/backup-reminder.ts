import { letters } from '#server/notices/words/letters.ts'
import { type Addressed, type Letter, letter } from './letter.ts'

/**
 * Sent when a keeper asks somebody to look at their backups.
 *
 * @param about.devices  what has not saved for a while, by name; empty = nothing at all did
 */
export function backupReminder(about: Addressed & { devices: string[] }): Letter {
  const link = `${about.server}/home/cloud`
  return letter(about, ({ language }) => letters[language].backupReminder({ ...about, link }))
}
