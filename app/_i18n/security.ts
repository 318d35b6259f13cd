import { security as de } from './de/security.ts'
import { security as en } from './en/security.ts'

export const security = { en, de }
