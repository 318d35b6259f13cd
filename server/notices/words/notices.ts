import type { Catalogue } from '#server/kit/language.ts'
import { notices as de } from './de/notices.ts'
import { notices as en } from './en/notices.ts'

export const notices: Catalogue<typeof en> = { en, de }
