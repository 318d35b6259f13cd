import { signIn as de } from './de/sign-in.ts'
import { signIn as en } from './en/sign-in.ts'

export const signIn = { en, de }
