import fc from 'fast-check'
import { algorithms, type Otp, otpFrom } from './otp.ts'

/** RFC 4226's test secret, base32. */
export const rfcSecret = 'GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ'

export const utf8 = (text: string) => new TextEncoder().encode(text)

/** Any OTP this client can hold: names with colons, escapes, emoji and all. */
export const anyOtp: fc.Arbitrary<Otp> = fc
  .record({
    type: fc.constantFrom('totp', 'hotp'),
    issuer: fc.oneof(fc.constantFrom('', 'GitHub', 'a:b', '100%', 'A+B', 'x?y=z&#'), fc.string({ unit: 'binary' })),
    name: fc.oneof(
      fc.constantFrom('', 'GitHub', ':x', 'a:b', 'GitHub:ada', '%3A', '🦔'),
      fc.string({ unit: 'binary' }),
    ),
    secret: fc.uint8Array({ minLength: 1, maxLength: 64 }),
    algorithm: fc.constantFrom(...algorithms),
    digits: fc.integer({ min: 6, max: 8 }),
    period: fc.integer({ min: 1, max: 86_400 }),
    counter: fc.maxSafeNat(),
  })
  .map(({ secret, ...rest }) => otpFrom({ ...rest, secret: new Uint8Array(secret) }))
