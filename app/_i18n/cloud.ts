import { cloud as de } from './de/cloud.ts'
import { cloud as en } from './en/cloud.ts'

export const cloud = { en, de }
