import { storage as de } from './de/storage.ts'
import { storage as en } from './en/storage.ts'

export const storage = { en, de }
