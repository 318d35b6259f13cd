import { reset as de } from './de/reset.ts'
import { reset as en } from './en/reset.ts'

export const reset = { en, de }
