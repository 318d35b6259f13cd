import { watch as de } from './de/watch.ts'
import { watch as en } from './en/watch.ts'

export const watch = { en, de }
