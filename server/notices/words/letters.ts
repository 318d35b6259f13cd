import type { Catalogue } from '#server/kit/language.ts'
import { letters as de } from './de/letters.ts'
import { letters as en } from './en/letters.ts'

export const letters: Catalogue<typeof en> = { en, de }
