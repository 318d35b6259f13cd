import { connect as de } from './de/connect.ts'
import { connect as en } from './en/connect.ts'

export const connect = { en, de }
