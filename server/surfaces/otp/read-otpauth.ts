import { TOTP, URI } from 'otpauth'
import { Problem } from '#server/kit/problem.ts'
import type { NewOtp } from './add-otp.ts'

const knownParameters = new Set(['secret', 'issuer', 'algorithm', 'digits', 'period'])

/**
 * What is kept of an otpauth URI: the label, and the bare base32 secret, which every client of the protocol
 * understands. When something is not as usual (HOTP, another algorithm, digits, period or a parameter we do not know)
 * the secret is the whole URI, so that nothing of it is lost.
 *
 * @param at  place in the list, for the error
 * @throws input.invalid, never with the URI in its words
 */
export function readOtpauth(uri: string, at: number): NewOtp {
  const text = uri.trim()
  const otp = parse(text, at)
  const account = otp.issuer && otp.label ? `${otp.issuer}:${otp.label}` : otp.issuer || otp.label
  const usual = otp instanceof TOTP && otp.algorithm === 'SHA1' && otp.digits === 6 && otp.period === 30
  return { account, secret: usual && hasKnownParameters(text) ? otp.secret.base32 : text }
}

function parse(uri: string, at: number) {
  try {
    return URI.parse(uri)
  } catch {
    throw new Problem('input.invalid', { message: `Invalid otpauth URI at position ${at + 1}.` })
  }
}

function hasKnownParameters(uri: string): boolean {
  const query = uri.slice(uri.indexOf('?') + 1)
  return query.split('&').every((part) => knownParameters.has(part.split('=', 1)[0]?.toLowerCase() ?? ''))
}
