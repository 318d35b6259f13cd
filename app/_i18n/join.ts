import { join as de } from './de/join.ts'
import { join as en } from './en/join.ts'

export const join = { en, de }
