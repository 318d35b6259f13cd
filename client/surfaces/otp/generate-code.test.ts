import { describe, expect, test } from 'vitest'
import { afterUse, generateCode } from './generate-code.ts'
import { type Algorithm, type Otp, otpFrom } from './otp.ts'

const ascii = (text: string) => new TextEncoder().encode(text)
const seed = '12345678901234567890'

/** RFC 6238 appendix B; the seeds of the longer hashes are 32 and 64 bytes (its erratum 2866). */
const seeds: Record<Algorithm, string> = {
  SHA1: seed,
  SHA256: '12345678901234567890123456789012',
  SHA512: '1234567890123456789012345678901234567890123456789012345678901234',
}
const vectors: [seconds: number, sha1: string, sha256: string, sha512: string][] = [
  [59, '94287082', '46119246', '90693936'],
  [1111111109, '07081804', '68084774', '25091201'],
  [1111111111, '14050471', '67062674', '99943326'],
  [1234567890, '89005924', '91819424', '93441116'],
  [2000000000, '69279037', '90698825', '38618901'],
  [20000000000, '65353130', '77737706', '47863826'],
]

describe('TOTP', () => {
  test.each(vectors)('makes the codes of RFC 6238 at second %i', (seconds, ...codes) => {
    for (const [index, algorithm] of (['SHA1', 'SHA256', 'SHA512'] as const).entries()) {
      const otp = otpFrom({ type: 'totp', secret: ascii(seeds[algorithm]), algorithm, digits: 8 })
      expect(generateCode(otp, seconds * 1000).code).toBe(codes[index])
    }
  })

  test('fewer digits are the last ones, and a zero in front stays', () => {
    const at = (digits: number) =>
      generateCode(otpFrom({ type: 'totp', secret: ascii(seed), digits }), 1111111109_000).code
    expect([at(6), at(7), at(8)]).toEqual(['081804', '7081804', '07081804'])
  })

  test('counts the seconds a code is still good for, never zero', () => {
    const left = (now: number, period?: number) =>
      generateCode(otpFrom({ type: 'totp', secret: ascii(seed), period }), now).secondsLeft
    expect([left(0), left(1), left(29_000), left(29_999), left(30_000)]).toEqual([30, 30, 1, 1, 30])
    expect([left(61_000, 60), left(59_999, 60)]).toEqual([59, 1])
  })

  test('a period is its own clock', () => {
    const slow = otpFrom({ type: 'totp', secret: ascii(seed), period: 60 })
    expect(generateCode(slow, 59_999).code).toBe(generateCode(slow, 0).code)
    expect(generateCode(slow, 60_000).code).not.toBe(generateCode(slow, 0).code)
  })
})

describe('HOTP', () => {
  test('makes the ten codes of RFC 4226 appendix D, one a use', () => {
    const codes: string[] = []
    let otp: Otp | null = otpFrom({ type: 'hotp', secret: ascii(seed), counter: 0 })
    while (otp !== null && codes.length < 10) {
      const { code, secondsLeft } = generateCode(otp, 0)
      expect(secondsLeft).toBeNull()
      codes.push(code)
      otp = afterUse(otp)
    }
    const expected = '755224 287082 359152 969429 338314 254676 287922 162583 399871 520489'
    expect(codes.join(' ')).toBe(expected)
  })

  test('counters above 32 bits do not wrap', () => {
    const at = (counter: number) => generateCode(otpFrom({ type: 'hotp', secret: ascii(seed), counter }), 0).code
    expect(at(2 ** 32 + 1)).not.toBe(at(1))
  })

  test('a TOTP stays as it is after use', () => {
    expect(afterUse(otpFrom({ type: 'totp', secret: ascii(seed) }))).toBeNull()
  })
})
