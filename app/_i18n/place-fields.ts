import { placeFields as de } from './de/place-fields.ts'
import { placeFields as en } from './en/place-fields.ts'

export const placeFields = { en, de }
