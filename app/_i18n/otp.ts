import { otp as de } from './de/otp.ts'
import { otp as en } from './en/otp.ts'

export const otp = { en, de }
