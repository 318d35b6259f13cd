import { setup as de } from './de/setup.ts'
import { setup as en } from './en/setup.ts'

export const setup = { en, de }
