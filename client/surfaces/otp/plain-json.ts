import { MalformedOtps } from './errors.ts'
import { fromBase32, type Otp, otpFrom, withoutIssuer } from './otp.ts'
import { fieldsOf, labelIn, numberIn, type OtpFile, readEntries, textIn } from './otp-file.ts'
import { isOtpauthUri, parseOtpauthUri } from './otpauth-uri.ts'

/** What people and small programs call the list, and the fields in it; the first one that is there counts. */
const names = {
  list: ['otps', 'accounts', 'entries', 'tokens', 'codes', 'items'],
  uri: ['uri', 'url', 'otpauth'],
  name: ['name', 'account', 'label', 'username', 'user', 'email'],
  algorithm: ['algorithm', 'algo'],
  period: ['period', 'step', 'interval'],
}

/** The list in a JSON that no program signed as its own: the whole of it, or a field; null when there is none. */
export function plainListIn(json: unknown): unknown[] | null {
  const list = Array.isArray(json) ? json : firstOf((json ?? {}) as Record<string, unknown>, names.list)
  return Array.isArray(list) && list.length > 0 ? list : null
}

/** A list of otpauth URIs, or of objects with a base32 `secret` and what else is known of it. */
export function readPlainList(list: unknown[]): OtpFile {
  return readEntries(list, whatOf, readEntry)
}

function readEntry(value: unknown): Otp {
  if (typeof value === 'string') return parseOtpauthUri(value)
  const fields = fieldsOf(value, 'the entry')
  const uri = firstOf(fields, names.uri)
  const secret = textIn(fields.secret, 'secret')
  if (secret !== undefined && isOtpauthUri(secret)) return parseOtpauthUri(secret)
  if (secret === undefined && typeof uri === 'string') return parseOtpauthUri(uri)
  if (secret === undefined) throw new MalformedOtps('the entry has no secret')
  const issuer = textIn(fields.issuer, 'issuer') ?? ''
  return otpFrom({
    type: textIn(fields.type, 'type') ?? 'totp',
    issuer,
    name: withoutIssuer(textIn(firstOf(fields, names.name), 'name') ?? '', issuer),
    secret: fromBase32(secret),
    algorithm: textIn(firstOf(fields, names.algorithm), 'algorithm'),
    digits: numberIn(fields.digits, 'digits'),
    period: numberIn(firstOf(fields, names.period), 'period'),
    counter: numberIn(fields.counter, 'counter'),
  })
}

function whatOf(value: unknown, index: number): string {
  const fields = (typeof value === 'object' && value !== null ? value : {}) as Record<string, unknown>
  return labelIn(fields.issuer, firstOf(fields, names.name)) || `entry ${index + 1}`
}

function firstOf(fields: Record<string, unknown>, wanted: string[]): unknown {
  return wanted.map((name) => fields[name]).find((value) => value !== undefined && value !== null)
}
