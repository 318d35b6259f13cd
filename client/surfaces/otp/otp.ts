import { Secret } from 'otpauth'
import { MalformedOtps } from './errors.ts'

export const algorithms = ['SHA1', 'SHA256', 'SHA512'] as const
export type Algorithm = (typeof algorithms)[number]

/** What every kind of one-time password has. */
type Common = {
  /** Who asks for the code; empty when nobody is named. */
  issuer: string
  /** The account there, without the issuer. */
  name: string
  /** The shared key, 1 to `limits.secretBytes` bytes. */
  secret: Uint8Array<ArrayBuffer>
  algorithm: Algorithm
  /** 6 to 8. */
  digits: number
}

/** RFC 6238; `period` in seconds. */
export type Totp = Common & { type: 'totp'; period: number }
/** RFC 4226; `counter` is the one the next code is made of. */
export type Hotp = Common & { type: 'hotp'; counter: number }
export type Otp = Totp | Hotp

export const defaults = { algorithm: 'SHA1', digits: 6, period: 30 } as const
export const limits = { secretBytes: 1024, minDigits: 6, maxDigits: 8, period: 24 * 60 * 60 } as const

/** Base32 of the longest secret, with room for spaces; what is longer is not even looked at. */
const longestText = 4096

/** Parameters as a file or URI gives them; what is left out has its default. */
export type OtpParameters = {
  type: string
  issuer?: string
  name?: string
  secret: Uint8Array<ArrayBuffer> | null
  algorithm?: string
  digits?: number
  period?: number
  counter?: number
}

/**
 * Check parameters from outside and fill in the defaults.
 *
 * @throws MalformedOtps, naming the parameter
 */
export function otpFrom(parameters: OtpParameters): Otp {
  const { secret, digits = defaults.digits, period = defaults.period, counter } = parameters
  const [issuer, name] = [parameters.issuer ?? '', parameters.name ?? ''].map(tidy) as [string, string]
  if (secret === null) throw new MalformedOtps('the secret is not base32')
  if (secret.length === 0 || secret.length > limits.secretBytes) {
    throw new MalformedOtps('the secret is empty or absurdly long')
  }
  const algorithm = readAlgorithm(parameters.algorithm)
  if (!isWhole(digits, limits.minDigits, limits.maxDigits)) {
    throw new MalformedOtps(`codes have ${limits.minDigits} to ${limits.maxDigits} digits`)
  }
  const common = { issuer, name, secret, algorithm, digits }
  const type = parameters.type.toLowerCase()
  if (type === 'totp') {
    if (!isWhole(period, 1, limits.period)) throw new MalformedOtps('the period is not a number of seconds')
    return { type, ...common, period }
  }
  if (type === 'hotp') {
    if (!isWhole(counter, 0, Number.MAX_SAFE_INTEGER)) throw new MalformedOtps('the counter is missing or not a number')
    return { type, ...common, counter }
  }
  throw new MalformedOtps('only TOTP and HOTP codes are supported')
}

/** What a person tells it by: `issuer:name`, as in an otpauth URI, or whichever of the two there is. */
export function labelOf({ issuer, name }: Pick<Otp, 'issuer' | 'name'>): string {
  return issuer && name ? `${issuer}:${name}` : issuer || name
}

/** Many programs write the issuer twice, beside the name and in front of it. */
export function withoutIssuer(name: string, issuer: string): string {
  const [whole, prefix] = [name.trim(), issuer.trim()]
  if (prefix === '' || !whole.toLowerCase().startsWith(prefix.toLowerCase())) return whole
  const rest = whole.slice(prefix.length).trimStart()
  if (rest === '') return ''
  return rest.startsWith(':') ? rest.slice(1).trimStart() : whole
}

/** Whether issuer, name and secret are all that need be said. */
export function hasDefaultParameters(otp: Otp): boolean {
  return (
    otp.type === 'totp' &&
    otp.algorithm === defaults.algorithm &&
    otp.digits === defaults.digits &&
    otp.period === defaults.period
  )
}

/**
 * Bytes from base32 (RFC 4648 §6) as people and web sites write it: any case, with spaces, hyphens and padding or
 * without.
 *
 * @returns null for anything else
 */
export function fromBase32(text: string): Uint8Array<ArrayBuffer> | null {
  if (text.length > longestText) return null
  const bare = text.replace(/[\s-]/g, '').replace(/=+$/, '')
  if (!/^[A-Z2-7]{2,}$/i.test(bare)) return null
  return new Uint8Array(Secret.fromBase32(bare).bytes)
}

/** Upper case, without padding. */
export function toBase32(bytes: Uint8Array<ArrayBuffer>): string {
  return secretOf(bytes).base32
}

/** For the otpauth package, which takes a whole buffer. */
export function secretOf(bytes: Uint8Array<ArrayBuffer>): Secret {
  return new Secret({ buffer: bytes.slice().buffer })
}

/** `HmacSHA1`, `SHA-256` and the like occur in the wild. */
function readAlgorithm(text: string = defaults.algorithm): Algorithm {
  const plain = text
    .toUpperCase()
    .replace(/^HMAC[-_]?/, '')
    .replace(/[-_]/g, '')
  const known = algorithms.find((algorithm) => algorithm === plain)
  if (known === undefined) throw new MalformedOtps(`the algorithm is none of ${algorithms.join(', ')}`)
  return known
}

/** A lone surrogate has no place in a URI or in UTF-8. */
function tidy(text: string): string {
  return text.toWellFormed().trim()
}

function isWhole(value: unknown, least: number, most: number): value is number {
  return Number.isSafeInteger(value) && Number(value) >= least && Number(value) <= most
}
