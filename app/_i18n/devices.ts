import { devices as de } from './de/devices.ts'
import { devices as en } from './en/devices.ts'

export const devices = { en, de }
