import { z } from 'zod'
import { readInput } from '#app/_server/read-input.ts'

const BackupName = z
  .string()
  .trim()
  .min(1)
  .refine((name) => [...name].length <= 60)

/** What somebody calls a backup. @throws input.invalid */
export function readBackupName(given: unknown): string {
  return readInput(BackupName, given)
}
