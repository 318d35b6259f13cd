import { keepingConcerns as de } from './de/keeping-concerns.ts'
import { keepingConcerns as en } from './en/keeping-concerns.ts'

export const keepingConcerns = { en, de }
