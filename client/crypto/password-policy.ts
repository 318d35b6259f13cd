import { WeakPassword } from './errors.ts'

/** "Enforce length > 12 chars" (seeds/003 §2.1). */
export const minPasswordLength = 13

/**
 * One spelling for every way of typing the same password: NFKC, then UTF-8. Must be the same when sealing and opening.
 */
export function passwordBytes(password: string): Uint8Array<ArrayBuffer> {
  return new TextEncoder().encode(password.normalize('NFKC'))
}

/**
 * Length is counted in code points after NFKC: what a person would count, and the same on every device.
 *
 * @throws WeakPassword; the message never contains the password
 */
export function checkNewPassword(password: string): void {
  // A lone surrogate would become U+FFFD in UTF-8, and different passwords would open the same backup.
  if (!password.isWellFormed()) throw new WeakPassword('The backup password contains a broken character')
  if (Array.from(password.normalize('NFKC')).length < minPasswordLength) {
    throw new WeakPassword(`The backup password must be longer than ${minPasswordLength - 1} characters`)
  }
}

/** Whether two passwords are the same one to a person, however they were typed. */
export function isSamePassword(one: string, other: string): boolean {
  return one.normalize('NFKC') === other.normalize('NFKC')
}
