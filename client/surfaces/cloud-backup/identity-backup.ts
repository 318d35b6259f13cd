import { MalformedBackup } from './errors.ts'

/** What a person needs to be themselves on a new device (seeds/003 §3). Times are milliseconds since 1970. */
export type IdentityBackup = {
  createdAt: number
  deviceName?: string
  identity: IdentityKeyPair
  contacts: Contact[]
  profile?: ProfileReference
}

/** Opaque to us; the app knows the algorithm. */
export type IdentityKeyPair = { publicKey: Uint8Array<ArrayBuffer>; privateKey: Uint8Array<ArrayBuffer> }

export type Contact = { userId: string; username: string; displayName?: string; updatedAt?: number }

/** The current avatar: which attachment, and the key that decrypts it. */
export type ProfileReference = { attachmentId: string; decryptionKey: Uint8Array<ArrayBuffer>; updatedAt?: number }

export const formatVersion = 1

/** Bytes. A shorter key is a mistake of the caller; a longer one is no key. */
const keyLength = { min: 32, max: 4096 }
const decryptionKeyLength = { min: 16, max: 128 }
const longestText = 1024

/** The end of the year 9999: later times have no RFC 3339 spelling. */
const latestTime = 253_402_300_799_999

/**
 * The rules both forms of a backup share; run before encoding and after decoding.
 *
 * @throws MalformedBackup naming the field
 */
export function checkIdentityBackup(backup: IdentityBackup): void {
  checkTime('createdAt', backup.createdAt)
  checkOptional(backup.deviceName, (name) => checkText('deviceName', name))
  checkBytes('identity.publicKey', backup.identity.publicKey, keyLength)
  checkBytes('identity.privateKey', backup.identity.privateKey, keyLength)
  const seen = new Set<string>()
  for (const [index, contact] of backup.contacts.entries()) {
    const path = `contacts[${index}]`
    checkText(`${path}.userId`, contact.userId)
    checkText(`${path}.username`, contact.username)
    checkOptional(contact.displayName, (name) => checkText(`${path}.displayName`, name))
    checkOptional(contact.updatedAt, (time) => checkTime(`${path}.updatedAt`, time))
    if (seen.has(contact.userId)) throw new MalformedBackup(`${path}.userId occurs twice`)
    seen.add(contact.userId)
  }
  if (backup.profile === undefined) return
  checkText('profile.attachmentId', backup.profile.attachmentId)
  checkBytes('profile.decryptionKey', backup.profile.decryptionKey, decryptionKeyLength)
  checkOptional(backup.profile.updatedAt, (time) => checkTime('profile.updatedAt', time))
}

function checkOptional<T>(value: T | undefined, check: (value: T) => void): void {
  if (value !== undefined) check(value)
}

function checkText(path: string, text: string): void {
  // Protobuf cannot tell an empty string from an absent one, so there are no empty ones.
  if (text === '') throw new MalformedBackup(`${path} is empty; leave it out instead`)
  if (text.length > longestText) throw new MalformedBackup(`${path} is longer than ${longestText} characters`)
  if (!text.isWellFormed()) throw new MalformedBackup(`${path} contains a broken character`)
}

function checkTime(path: string, time: number): void {
  if (!Number.isInteger(time) || time <= 0 || time > latestTime) throw new MalformedBackup(`${path} is not a time`)
}

function checkBytes(path: string, bytes: Uint8Array, { min, max }: { min: number; max: number }): void {
  if (bytes.byteLength < min || bytes.byteLength > max) {
    throw new MalformedBackup(`${path} has ${bytes.byteLength} bytes; ${min} to ${max} are expected`)
  }
}
