import { backups as de } from './de/backups.ts'
import { backups as en } from './en/backups.ts'

export const backups = { en, de }
