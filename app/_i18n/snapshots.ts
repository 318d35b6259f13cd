import { snapshots as de } from './de/snapshots.ts'
import { snapshots as en } from './en/snapshots.ts'

export const snapshots = { en, de }
