import { isMalformedOtps } from '#client/surfaces/otp/errors.ts'
import { fromBase32, otpFrom } from '#client/surfaces/otp/otp.ts'
import { isOtpauthUri, parseOtpauthUri } from '#client/surfaces/otp/otpauth-uri.ts'
import { type StoredOtp, toStored } from '#client/surfaces/otp/stored-otp.ts'

export type Typed = { kind: 'code'; stored: StoredOtp } | { kind: 'wrong' | 'wrongSettings' | 'noName' }

/**
 * What the form says is to be stored, or what is wrong with it. A link knows by itself whose it is, unless somebody
 * says otherwise.
 */
export function readTyped(form: FormData): Typed {
  const text = (field: string) => String(form.get(field) ?? '').trim()
  const [issuer, name, given] = [text('issuer'), text('name'), text('secret')]
  if (isOtpauthUri(given)) {
    const read = tryTo(() => parseOtpauthUri(given))
    if (read === null) return { kind: 'wrong' }
    return { kind: 'code', stored: toStored({ ...read, issuer: issuer || read.issuer, name: name || read.name }) }
  }
  const secret = fromBase32(given)
  if (secret === null) return { kind: 'wrong' }
  if (issuer === '' && name === '') return { kind: 'noName' }
  const type = text('kind') || 'totp'
  const settings = { algorithm: text('algorithm') || undefined, digits: numberIn(text('digits')) }
  const steps = type === 'hotp' ? { counter: numberIn(text('counter')) ?? 0 } : { period: numberIn(text('period')) }
  const read = tryTo(() => otpFrom({ type, issuer, name, secret, ...settings, ...steps }))
  return read === null ? { kind: 'wrongSettings' } : { kind: 'code', stored: toStored(read) }
}

function tryTo<T>(read: () => T): T | null {
  try {
    return read()
  } catch (error) {
    if (isMalformedOtps(error)) return null
    throw error
  }
}

function numberIn(text: string): number | undefined {
  if (text === '') return undefined
  return /^\d{1,15}$/.test(text) ? Number(text) : Number.NaN
}
