import { backupAccount as de } from './de/backup-account.ts'
import { backupAccount as en } from './en/backup-account.ts'

export const backupAccount = { en, de }
