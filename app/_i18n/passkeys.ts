import { passkeyTrouble as de } from './de/passkeys.ts'
import { passkeyTrouble as en } from './en/passkeys.ts'

export const passkeyTrouble = { en, de }
