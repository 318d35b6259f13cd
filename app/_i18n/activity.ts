import { activity as de } from './de/activity.ts'
import { activity as en } from './en/activity.ts'

export const activity = { en, de }
