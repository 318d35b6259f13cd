import { MalformedOtps } from './errors.ts'
import { fromBase32, labelOf, type Otp, otpFrom, toBase32, withoutIssuer } from './otp.ts'

const shape = /^otpauth:\/\/([a-z]+)\/([^?]*)(?:\?(.*))?$/is

export function isOtpauthUri(text: string): boolean {
  return /^otpauth:\/\//i.test(text.trim())
}

/**
 * Read `otpauth://totp/Issuer:name?secret=…` (the Key URI format of Google Authenticator), tolerantly: labels are free
 * text and many programs leave them unescaped.
 *
 * Without `issuer=` the part of the label before its first colon is the issuer.
 *
 * @throws MalformedOtps; the message never contains the URI
 */
export function parseOtpauthUri(text: string): Otp {
  const [, type = '', label = '', query = ''] = shape.exec(text.trim()) ?? []
  if (type === '') throw new MalformedOtps('not an otpauth URI')
  const parameters = readQuery(query)
  // Forms write a space as "+", and a plus in the name of a company is rarer.
  const issuer = parameters.get('issuer')?.replaceAll('+', ' ')
  return otpFrom({
    type,
    ...readLabel(label, issuer === undefined ? undefined : decode(issuer)),
    secret: fromBase32(decode(parameters.get('secret') ?? '')),
    algorithm: parameters.get('algorithm'),
    digits: numberIn(parameters.get('digits')),
    period: numberIn(parameters.get('period')),
    counter: numberIn(parameters.get('counter')),
  })
}

/** What `parseOtpauthUri` reads back as the same; all parameters are said, defaults too. */
export function writeOtpauthUri(otp: Otp): string {
  const { type, issuer, name } = otp
  const label = issuer && name ? `${encode(issuer)}:${encode(name)}` : encode(labelOf(otp))
  const parameters = [
    `secret=${toBase32(otp.secret)}`,
    `issuer=${encode(issuer)}`,
    `algorithm=${otp.algorithm}`,
    `digits=${otp.digits}`,
    otp.type === 'totp' ? `period=${otp.period}` : `counter=${otp.counter}`,
  ]
  return `otpauth://${type}/${label}?${parameters.join('&')}`
}

function readLabel(label: string, issuer: string | undefined): { issuer: string; name: string } {
  if (issuer !== undefined) return { issuer, name: withoutIssuer(decode(label), issuer) }
  // A written colon parts issuer and name; an escaped one does only where there is no other (Key URI format).
  const [before, ...after] = label.includes(':') ? label.split(':') : label.split(/%3a/i)
  return after.length === 0
    ? { issuer: '', name: decode(label) }
    : { issuer: decode(before ?? ''), name: decode(after.join(':')) }
}

/** Names in lower case; of two with one name the first counts. Values stay escaped. */
function readQuery(query: string): Map<string, string> {
  const parameters = new Map<string, string>()
  for (const part of query.split('&')) {
    const [key = '', ...value] = part.split('=')
    const name = key.trim().toLowerCase()
    if (!parameters.has(name)) parameters.set(name, value.join('=').trim())
  }
  return parameters
}

/** @returns NaN for what is no number, so that the check names the parameter */
function numberIn(text: string | undefined): number | undefined {
  if (text === undefined || text === '') return undefined
  return /^\d{1,16}$/.test(text) ? Number(text) : Number.NaN
}

/** Percent-encoding undone; text that only looks escaped (`100%`) stays as it is. */
export function decode(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}

function encode(text: string): string {
  return encodeURIComponent(text.toWellFormed())
}
