import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { isMalformedOtps } from './errors.ts'
import { fromBase32, labelOf, toBase32 } from './otp.ts'
import { parseOtpauthUri, writeOtpauthUri } from './otpauth-uri.ts'
import { readStored, toStored } from './stored-otp.ts'
import { anyOtp, rfcSecret } from './testing.ts'

const tail = `?secret=${rfcSecret}`

describe('an otpauth URI', () => {
  test('is read back as it was written, whatever the names', () => {
    fc.assert(
      fc.property(anyOtp, (otp) => {
        const read = parseOtpauthUri(writeOtpauthUri(otp))
        expect([labelOf(read), read.secret]).toEqual([labelOf(otp), otp.secret])
        // "GitHub:ada" of GitHub is taken for the issuer said twice, as everywhere.
        if (!otp.name.toLowerCase().startsWith(otp.issuer.toLowerCase())) expect(read).toEqual(otp)
      }),
    )
  })

  test.each([
    [`otpauth://totp/GitHub:ada${tail}&issuer=GitHub`, 'GitHub', 'ada'],
    [`otpauth://totp/GitHub:%20ada%40x.org${tail}&issuer=GitHub`, 'GitHub', 'ada@x.org'],
    [`otpauth://totp/GitHub%3Aada${tail}`, 'GitHub', 'ada'],
    [`otpauth://totp/GitHub%3aada${tail}&issuer=github`, 'github', 'ada'],
    [`otpauth://totp/ada${tail}`, '', 'ada'],
    [`otpauth://totp/ada${tail}&issuer=`, '', 'ada'],
    [`otpauth://totp/ada${tail}&issuer=My+Bank`, 'My Bank', 'ada'],
    [`otpauth://totp/Old:ada${tail}&issuer=New`, 'New', 'Old:ada'],
    [`otpauth://totp/C#: the language${tail}`, 'C#', 'the language'],
    [`otpauth://totp/100%${tail}`, '', '100%'],
    [`otpauth://totp/${tail}&issuer=GitHub`, 'GitHub', ''],
    [`OTPAUTH://TOTP/a:b:c${tail}\n`, 'a', 'b:c'],
    [`otpauth://totp/GitHub${tail}&issuer=GitHub`, 'GitHub', ''],
  ])('reads the label of %s', (uri, issuer, name) => {
    expect(parseOtpauthUri(uri)).toMatchObject({ issuer, name, type: 'totp', digits: 6, period: 30, algorithm: 'SHA1' })
  })

  test('reads every parameter, in any spelling', () => {
    expect(
      parseOtpauthUri(`otpauth://totp/x?Period=60&DIGITS=8&algorithm=HmacSHA256&secret=gezd-gnbv%20gy3t====`),
    ).toEqual({
      type: 'totp',
      issuer: '',
      name: 'x',
      secret: fromBase32('GEZDGNBVGY3T'),
      algorithm: 'SHA256',
      digits: 8,
      period: 60,
    })
    expect(parseOtpauthUri(`otpauth://hotp/x${tail}&counter=42&algorithm=sha-512`)).toMatchObject({
      type: 'hotp',
      counter: 42,
      algorithm: 'SHA512',
    })
  })

  test.each([
    ['hello', 'not an otpauth URI'],
    [`https://totp/x${tail}`, 'not an otpauth URI'],
    ['otpauth://totp/x', 'the secret is not base32'],
    ['otpauth://totp/x?secret=', 'the secret is not base32'],
    ['otpauth://totp/x?secret=18901890', 'the secret is not base32'],
    [`otpauth://totp/x${tail}&digits=5`, 'codes have 6 to 8 digits'],
    [`otpauth://totp/x${tail}&digits=6e0`, 'codes have 6 to 8 digits'],
    [`otpauth://totp/x${tail}&period=0`, 'the period is not a number of seconds'],
    [`otpauth://totp/x${tail}&period=-30`, 'the period is not a number of seconds'],
    [`otpauth://hotp/x${tail}`, 'the counter is missing or not a number'],
    [`otpauth://hotp/x${tail}&counter=99999999999999999999`, 'the counter is missing or not a number'],
    [`otpauth://totp/x${tail}&algorithm=MD5`, 'the algorithm is none of SHA1, SHA256, SHA512'],
    [`otpauth://steam/x${tail}`, 'only TOTP and HOTP codes are supported'],
  ])('refuses %s without repeating it', (uri, reason) => {
    expect(() => parseOtpauthUri(uri)).toThrow(reason)
    try {
      parseOtpauthUri(uri)
    } catch (error) {
      expect(isMalformedOtps(error)).toBe(true)
      expect(String((error as Error).stack)).not.toContain(rfcSecret)
    }
  })

  test('any text at all is read or refused, never an accident', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string({ unit: 'binary' }), fc.webUrl()), (text) => {
        for (const uri of [text, `otpauth://totp/${text}`, `otpauth://totp/x?secret=${text}`]) {
          try {
            parseOtpauthUri(uri)
          } catch (error) {
            expect(isMalformedOtps(error)).toBe(true)
          }
        }
      }),
    )
  })
})

describe('base32', () => {
  test('is read as people write it', () => {
    const bytes = fromBase32(rfcSecret)
    for (const text of [rfcSecret.toLowerCase(), rfcSecret.replace(/(.{4})/g, '$1 '), `${rfcSecret}======`]) {
      expect(fromBase32(text)).toEqual(bytes)
    }
    expect(Buffer.from(bytes ?? []).toString()).toBe('12345678901234567890')
    expect(toBase32(bytes ?? new Uint8Array())).toBe(rfcSecret)
  })

  test.each(['', ' ', '=', 'A', '0189', 'abc!', 'äöü', 'A=B'])('%j is none', (text) => {
    expect(fromBase32(text)).toBeNull()
  })
})

describe('what is stored', () => {
  test('is the bare secret while all is as usual, so that every client understands it', () => {
    const usual = parseOtpauthUri(`otpauth://totp/GitHub:ada${tail}&issuer=GitHub`)
    expect(toStored(usual)).toEqual({ account: 'GitHub:ada', secret: rfcSecret })
    expect(readStored(toStored(usual))).toEqual(usual)
  })

  test('is the URI when something is not', () => {
    for (const more of ['&digits=8', '&period=60', '&algorithm=SHA256']) {
      const otp = parseOtpauthUri(`otpauth://totp/ada${tail}${more}`)
      expect(toStored(otp)).toEqual({ account: 'ada', secret: writeOtpauthUri(otp) })
      expect(readStored(toStored(otp))).toEqual(otp)
    }
  })

  test('has a label even where the OTP has none', () => {
    expect(toStored(parseOtpauthUri(`otpauth://totp/${tail}`)).account).toBe('Unnamed')
  })

  test('makes the same codes after being stored', () => {
    fc.assert(
      fc.property(anyOtp, (otp) => {
        const { issuer, name, ...parameters } = otp
        expect(readStored(toStored(otp))).toMatchObject(parameters)
      }),
    )
  })

  test.each(['LhBcxADNq0NrcPlxwP5skw', '', 'recovery: 1234-5678', 'otpauth://totp/x', '\ud800'])(
    'may be any other text: %j makes no codes',
    (secret) => {
      expect(readStored({ account: 'Okta', secret })).toBeNull()
    },
  )
})
