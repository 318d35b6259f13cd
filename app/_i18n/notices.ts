import { notices as de } from './de/notices.ts'
import { notices as en } from './en/notices.ts'

export const notices = { en, de }
