import { personas as de } from './de/personas.ts'
import { personas as en } from './en/personas.ts'

export const personas = { en, de }
