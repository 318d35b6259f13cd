import { fromBase64, toBase64 } from '#client/encoding/base64.ts'
import { MalformedBackup } from './errors.ts'
import {
  type Contact,
  checkIdentityBackup,
  formatVersion,
  type IdentityBackup,
  type ProfileReference,
} from './identity-backup.ts'

type Fields = Record<string, unknown>

/** RFC 3339 with up to millisecond precision; finer times could not be given back. */
const timePattern = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d{1,3})?(Z|[+-]\d{2}:\d{2})$/

/**
 * The readable form of a backup, canonical: fixed order of keys, two spaces, times in UTC with milliseconds, one
 * newline at the end. What has this form comes back byte for byte from `readIdentityJson` and from the cloud.
 */
export function writeIdentityJson(backup: IdentityBackup): string {
  const { identity, profile } = backup
  const value = {
    formatVersion,
    createdAt: timeText(backup.createdAt),
    deviceName: backup.deviceName,
    identity: { publicKey: toBase64(identity.publicKey), privateKey: toBase64(identity.privateKey) },
    contacts: backup.contacts.map(({ userId, username, displayName, updatedAt }) => ({
      userId,
      username,
      displayName,
      updatedAt: timeText(updatedAt),
    })),
    profile: profile && {
      attachmentId: profile.attachmentId,
      decryptionKey: toBase64(profile.decryptionKey),
      updatedAt: timeText(profile.updatedAt),
    },
  }
  return `${JSON.stringify(value, null, 2)}\n`
}

/**
 * Read `identity.json`. Strict: a field we do not know is refused, never dropped, because it would be missing on the
 * device that is restored.
 *
 * @throws MalformedBackup naming the field, never its value
 */
export function readIdentityJson(text: string): IdentityBackup {
  const value = parse(text)
  const top = fieldsOf('', value, ['formatVersion', 'createdAt', 'deviceName', 'identity', 'contacts', 'profile'])
  if (top.formatVersion === undefined) throw missing('formatVersion')
  if (top.formatVersion !== formatVersion) throw new MalformedBackup(`formatVersion must be ${formatVersion}`)
  const identity = fieldsOf('identity', top.identity, ['publicKey', 'privateKey'])
  if (top.contacts === undefined) throw missing('contacts')
  if (!Array.isArray(top.contacts)) throw new MalformedBackup('contacts must be a list')
  const backup: IdentityBackup = {
    createdAt: timeOf('createdAt', top.createdAt),
    deviceName: optional(top.deviceName, (name) => textOf('deviceName', name)),
    identity: {
      publicKey: bytesOf('identity.publicKey', identity.publicKey),
      privateKey: bytesOf('identity.privateKey', identity.privateKey),
    },
    contacts: top.contacts.map(readContact),
    profile: optional(top.profile, readProfile),
  }
  checkIdentityBackup(backup)
  return backup
}

function readContact(value: unknown, index: number): Contact {
  const path = `contacts[${index}]`
  const fields = fieldsOf(path, value, ['userId', 'username', 'displayName', 'updatedAt'])
  return {
    userId: textOf(`${path}.userId`, fields.userId),
    username: textOf(`${path}.username`, fields.username),
    displayName: optional(fields.displayName, (name) => textOf(`${path}.displayName`, name)),
    updatedAt: optional(fields.updatedAt, (time) => timeOf(`${path}.updatedAt`, time)),
  }
}

function readProfile(value: unknown): ProfileReference {
  const fields = fieldsOf('profile', value, ['attachmentId', 'decryptionKey', 'updatedAt'])
  return {
    attachmentId: textOf('profile.attachmentId', fields.attachmentId),
    decryptionKey: bytesOf('profile.decryptionKey', fields.decryptionKey),
    updatedAt: optional(fields.updatedAt, (time) => timeOf('profile.updatedAt', time)),
  }
}

function parse(text: string): unknown {
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch {
    // The platform's message quotes the text, which holds private keys.
    throw new MalformedBackup('The identity file is not valid JSON')
  }
  // JSON.parse silently keeps the last of two equal keys; counting shows that one was lost.
  const written = [...text.matchAll(/"(?:[^"\\]|\\.)*"(\s*:)?/g)].filter(([, colon]) => colon !== undefined).length
  if (written !== countKeys(value)) throw new MalformedBackup('The identity file has the same field twice')
  return value
}

function countKeys(value: unknown): number {
  if (typeof value !== 'object' || value === null) return 0
  const own = Array.isArray(value) ? 0 : Object.keys(value).length
  return Object.values(value).reduce((sum: number, part) => sum + countKeys(part), own)
}

function fieldsOf(path: string, value: unknown, known: string[]): Fields {
  if (value === undefined) throw missing(path)
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new MalformedBackup(`${path || 'The identity file'} must be an object`)
  }
  const unknown = Object.keys(value).find((key) => !known.includes(key))
  if (unknown !== undefined) {
    const name = JSON.stringify(path ? `${path}.${unknown}` : unknown)
    throw new MalformedBackup(`${name} is not a known field; it would be lost, so nothing was done`)
  }
  return value as Fields
}

function optional<T>(value: unknown, read: (value: unknown) => T): T | undefined {
  return value === undefined ? undefined : read(value)
}

function textOf(path: string, value: unknown): string {
  if (value === undefined) throw missing(path)
  if (typeof value !== 'string') throw new MalformedBackup(`${path} must be a text`)
  return value
}

function bytesOf(path: string, value: unknown): Uint8Array<ArrayBuffer> {
  const bytes = fromBase64(textOf(path, value))
  if (bytes === null) throw new MalformedBackup(`${path} is not standard base64`)
  return bytes
}

function timeOf(path: string, value: unknown): number {
  const text = textOf(path, value)
  const time = timePattern.test(text) ? Date.parse(text) : Number.NaN
  // V8 reads 31 February as 3 March.
  const date = text.slice(0, 10)
  if (Number.isNaN(time) || new Date(date).toISOString().slice(0, 10) !== date) {
    throw new MalformedBackup(`${path} is not a time such as 2026-11-21T07:42:00.000Z`)
  }
  return time
}

function timeText(time: number | undefined): string | undefined {
  return time === undefined ? undefined : new Date(time).toISOString()
}

function missing(path: string): MalformedBackup {
  return new MalformedBackup(`${path} is missing`)
}
