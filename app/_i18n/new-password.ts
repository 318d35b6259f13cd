import { newPassword as de } from './de/new-password.ts'
import { newPassword as en } from './en/new-password.ts'

export const newPassword = { en, de }
