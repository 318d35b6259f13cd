import { welcome as de } from './de/welcome.ts'
import { welcome as en } from './en/welcome.ts'

export const welcome = { en, de }
