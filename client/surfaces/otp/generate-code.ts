import { HOTP, TOTP } from 'otpauth'
import { type Otp, secretOf } from './otp.ts'

export type Code = {
  code: string
  /** Whole seconds the code is still good for, at least 1; null for HOTP, whose codes do not age. */
  secondsLeft: number | null
}

/**
 * The code to type now (RFC 6238 §4, RFC 4226 §5.3). An HOTP code is that of the stored counter; whoever shows it must
 * store the next one (`afterUse`).
 *
 * @param now  milliseconds since 1970
 */
export function generateCode(otp: Otp, now: number): Code {
  const { algorithm, digits } = otp
  const secret = secretOf(otp.secret)
  if (otp.type === 'hotp') {
    return { code: HOTP.generate({ secret, algorithm, digits, counter: otp.counter }), secondsLeft: null }
  }
  const { period } = otp
  const code = TOTP.generate({ secret, algorithm, digits, period, timestamp: now })
  return { code, secondsLeft: Math.ceil(TOTP.remaining({ period, timestamp: now }) / 1000) }
}

/** What must be stored once the code was shown: the next counter; null for TOTP, which needs nothing. */
export function afterUse(otp: Otp): Otp | null {
  return otp.type === 'hotp' ? { ...otp, counter: otp.counter + 1 } : null
}
