import { admin as de } from './de/admin.ts'
import { admin as en } from './en/admin.ts'

export const admin = { en, de }
