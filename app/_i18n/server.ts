import { server as de } from './de/server.ts'
import { server as en } from './en/server.ts'

export const server = { en, de }
