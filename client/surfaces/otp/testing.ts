import fc from 'fast-check'
import { algorithms, type Otp, otpFrom } from './otp.ts'
import type { OtpFile } from './otp-file.ts'
import { readOtpFile } from './read-otp-file.ts'

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

const nobodyAsked = () => Promise.reject(new Error('asked for a password'))

/** Read a file; one that asks for a password without being given one fails. */
export function read(content: string | Uint8Array, secret?: string): Promise<OtpFile> {
  const bytes = typeof content === 'string' ? utf8(content) : content
  return readOtpFile(bytes, { password: secret === undefined ? nobodyAsked : () => Promise.resolve(secret) })
}

/** What it fails with. */
export async function failure(promise: Promise<unknown>): Promise<unknown> {
  return promise.then(
    () => {
      throw new Error('it succeeded')
    },
    (error) => error,
  )
}
