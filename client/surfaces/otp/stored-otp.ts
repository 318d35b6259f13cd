import { isMalformedOtps } from './errors.ts'
import { fromBase32, hasDefaultParameters, labelOf, type Otp, otpFrom, toBase32 } from './otp.ts'
import { isOtpauthUri, parseOtpauthUri, writeOtpauthUri } from './otpauth-uri.ts'

/** What `addOtp` takes and `otps` gives back: two texts, whatever an app means by them (otp §3). */
export type StoredOtp = { account: string; secret: string }

const unnamed = 'Unnamed'

/**
 * How an OTP is stored: `account` is the label shown, `secret` the bare base32 secret, which every client of the
 * protocol understands, or the whole otpauth URI when something is not as usual (another algorithm, HOTP, …).
 */
export function toStored(otp: Otp): StoredOtp {
  const named = labelOf(otp) === '' ? { ...otp, name: unnamed } : otp
  return { account: labelOf(named), secret: hasDefaultParameters(otp) ? toBase32(otp.secret) : writeOtpauthUri(named) }
}

/**
 * Read what any client stored. A bare secret takes issuer and name from the label, parted at its first colon.
 *
 * @returns null for a text that makes no codes; it may be a password or a recovery code, and is kept as it is
 */
export function readStored({ account, secret }: StoredOtp): Otp | null {
  try {
    if (isOtpauthUri(secret)) return parseOtpauthUri(secret)
    return otpFrom({ type: 'totp', ...partLabel(account), secret: fromBase32(secret) })
  } catch (error) {
    if (isMalformedOtps(error)) return null
    throw error
  }
}

/** Issuer and name of a label, parted at its first colon; without one it is all name. */
export function partLabel(account: string): { issuer: string; name: string } {
  const colon = account.indexOf(':')
  return colon < 0 ? { issuer: '', name: account } : { issuer: account.slice(0, colon), name: account.slice(colon + 1) }
}
