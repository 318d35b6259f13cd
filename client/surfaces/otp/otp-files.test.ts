import { execFileSync } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import fc from 'fast-check'
import { PbfWriter } from 'pbf'
import { describe, expect, test } from 'vitest'
import { isMalformedSealedBackup, isWrongPasswordOrDamaged } from '#client/crypto/errors.ts'
import { isClientError } from '#client/errors/client-error.ts'
import { isMalformedOtps } from './errors.ts'
import { writeMigrationPayload } from './generated/google-migration.js'
import { parseMigrationUris, readMigration, whyNotMigratable, writeMigrationUris } from './google-migration.ts'
import { fromBase32, type Otp, otpFrom } from './otp.ts'
import { readStored, type StoredOtp, toStored } from './stored-otp.ts'
import { anyOtp, failure, read, rfcSecret, utf8 } from './testing.ts'
import { type ExportFormat, exportFormats, writeOtpFile } from './write-otp-file.ts'

const password = 'correct horse battery'
const kdf = { memoryKiB: 8, iterations: 1, parallelism: 1 }
const now = new Date('2026-11-21T07:42:00Z')

/** One of everything, and something that makes no codes. */
const secret = fromBase32(rfcSecret)
const otps: Otp[] = [
  otpFrom({ type: 'totp', issuer: 'GitHub', name: 'ada', secret }),
  otpFrom({ type: 'totp', issuer: 'Bank', name: 'ada 🦔', secret, algorithm: 'SHA512', digits: 8 }),
  otpFrom({ type: 'totp', issuer: 'Slow', name: 'x', secret, period: 60, digits: 7 }),
  otpFrom({ type: 'hotp', issuer: 'Door', name: 'x', secret, counter: 2 ** 40 }),
]
const opaque = { account: 'Okta', secret: 'LhBcxADNq0NrcPlxwP5skw' }
const stored: StoredOtp[] = [...otps.map(toStored), opaque]

describe('every format we write, we read again', () => {
  const lost: Record<ExportFormat, string[]> = {
    hearthkeep: [],
    uris: ['Okta'],
    google: ['Slow:x', 'Okta'],
    aegis: ['Okta'],
  }
  test.each(exportFormats)('%s, plain and encrypted', async (format) => {
    for (const secret of [null, password]) {
      const file = await writeOtpFile(stored, { format, password: secret, now, seal: { kdf } })
      expect(file.skipped.map(({ what }) => what)).toEqual(lost[format])
      expect(file.written).toBe(stored.length - lost[format].length)
      const text = Buffer.from(file.bytes).toString('latin1')
      expect(text.includes('GitHub')).toBe(secret === null && format !== 'google')
      const again = await read(file.bytes, secret ?? undefined)
      expect(again).toEqual({ otps: stored.filter(({ account }) => !lost[format].includes(account)), skipped: [] })
      if (secret !== null) {
        expect(isWrongPasswordOrDamaged(await failure(read(file.bytes, 'another password')))).toBe(true)
        expect(isWrongPasswordOrDamaged(await failure(read(file.bytes, '')))).toBe(true)
      }
    }
  })

  test('a label that was changed goes along, whatever the URI under it says', async () => {
    const renamed = { ...toStored(otps[1] as Otp), account: 'Home:ada' }
    for (const format of ['uris', 'google', 'aegis'] as const) {
      const { bytes } = await writeOtpFile([renamed], { format, password: null, now })
      expect((await read(bytes)).otps.map(({ account }) => account)).toEqual(['Home:ada'])
    }
  })

  test('whatever the names and parameters are', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(anyOtp, { maxLength: 25 }), async (some) => {
        const labelled = some.map(toStored)
        for (const format of exportFormats) {
          const { bytes, skipped } = await writeOtpFile(labelled, { format, password: null, now })
          if (bytes.length === 0) continue
          const { otps: back } = await read(bytes)
          expect(back.length + skipped.length).toBe(some.length)
          const keys = new Set(some.map(({ secret }) => String(secret)))
          for (const entry of back) expect(keys.has(String(readStored(entry)?.secret))).toBe(true)
        }
      }),
      { numRuns: 30 },
    )
  })
})

describe('Google Authenticator', () => {
  /** A widely published example. */
  const hello = 'CjEKCkhlbGxvId6tvu8SGEV4YW1wbGU6YWxpY2VAZ29vZ2xlLmNvbRoHRXhhbXBsZTAC'

  test('reads a transfer of others', async () => {
    const alice = { account: 'Example:alice@google.com', secret: 'JBSWY3DPEHPK3PXP' }
    expect((await read(`otpauth-migration://offline?data=${hello}`)).otps).toEqual([alice])
  })

  test('puts ten in a QR code, and reads the codes in any order, twice or not', () => {
    const many = Array.from({ length: 23 }, (_, index) =>
      otpFrom({ type: 'totp', name: `n${index}`, secret: new Uint8Array(randomBytes(1 + index)) }),
    )
    const uris = writeMigrationUris(many, 7)
    expect(uris).toHaveLength(3)
    const back = parseMigrationUris([...uris, ...uris].reverse())
    expect(back.skipped).toEqual([])
    expect(back.otps.map(({ secret }) => secret).sort()).toEqual(many.map((otp) => toStored(otp).secret).sort())
  })

  test('says which QR code of a transfer is missing', () => {
    const uris = writeMigrationUris(
      Array.from({ length: 21 }, () => otps[0] as Otp),
      7,
    )
    const { otps: found, skipped } = parseMigrationUris(uris.slice(0, 2))
    expect(found).toHaveLength(20)
    expect(skipped).toEqual([{ what: 'QR code 3 of 3', why: 'it was not given' }])
    expect(readMigration(uris.slice(1)).missing).toEqual([{ parts: [1], size: 3 }])
    expect(readMigration(uris).missing).toEqual([])
  })

  test('leaves out what only the original knows, and takes the rest', () => {
    const entry = { secret: Uint8Array.of(1), issuer: '', algorithm: 0, digits: 0, type: 0, counter: 0 }
    const writer = new PbfWriter()
    const otp_parameters = [
      { ...entry, name: 'md5', algorithm: 4 },
      { ...entry, name: 'odd', digits: 9 },
      { ...entry, name: 'empty', secret: new Uint8Array() },
      { ...entry, name: 'good' },
    ]
    writeMigrationPayload({ otp_parameters, version: 1, batch_size: 1, batch_index: 0, batch_id: 0 }, writer)
    const data = Buffer.from(writer.finish()).toString('base64')
    const { otps: found, skipped } = parseMigrationUris([
      `otpauth-migration://offline?data=${encodeURIComponent(data)}`,
    ])
    expect(found).toEqual([{ account: 'good', secret: 'AE' }])
    expect(skipped.map(({ what }) => what)).toEqual(['md5', 'odd', 'empty'])
    expect(whyNotMigratable(otps[2] as Otp)).toMatch(/periods/)
  })

  test.each(['', 'x', hello.slice(0, -4), `${hello}AAAA`, '////', 'gICAgICAgICAgA'])('refuses the data %j', (data) => {
    expect(() => parseMigrationUris([`otpauth-migration://offline?data=${data}`])).toThrow(/damaged or cut short/)
  })

  test('keeps the generated code equal to google-migration.proto', () => {
    const here = (path: string) => fileURLToPath(new URL(path, import.meta.url))
    const cli = here('../../../node_modules/pbf/bin/pbf')
    const fresh = execFileSync(process.execPath, [cli, here('./google-migration.proto')], { encoding: 'utf8' })
    expect(readFileSync(here('./generated/google-migration.js'), 'utf8')).toBe(fresh)
  })
})

describe('a text of URIs', () => {
  test('is read line by line, and a bad line is told by its number alone', async () => {
    const lines = [
      '\ufeff# mine',
      '',
      `otpauth://totp/a?secret=${rfcSecret}`,
      `otpauth://totp/b?secret=${rfcSecret}1`,
      'x',
    ]
    const { otps: found, skipped } = await read(lines.join('\r\n'))
    expect(found).toEqual([{ account: 'a', secret: rfcSecret }])
    expect(skipped).toEqual([
      { what: 'line 4', why: 'the secret is not base32' },
      { what: 'line 5', why: 'not an otpauth URI' },
    ])
  })
})

describe('JSON that no program signed', () => {
  const uri = `otpauth://totp/a?secret=${rfcSecret}`
  const full = { issuer: 'Bank', name: 'Bank:ada', secret: rfcSecret, algorithm: 'sha512', digits: 8 }

  test.each([
    [[uri, full]],
    [{ accounts: [{ uri }, full] }],
    [{ version: 1, entries: [{ secret: uri }, { ...full, name: undefined, account: 'ada' }] }],
  ])('is read as a list of codes, whatever it is called', async (json) => {
    const { otps: found, skipped } = await read(JSON.stringify(json))
    const bank = otpFrom({ type: 'totp', issuer: 'Bank', name: 'ada', secret, algorithm: 'SHA512', digits: 8 })
    expect([found, skipped]).toEqual([[{ account: 'a', secret: rfcSecret }, toStored(bank)], []])
  })

  test('what makes no code is named, and the rest is taken', async () => {
    const { otps: found, skipped } = await read(JSON.stringify([7, { name: 'x' }, { secret: '1' }, full]))
    expect([found.length, skipped.map(({ what }) => what)]).toEqual([1, ['entry 1', 'x', 'entry 3']])
  })
})

describe('anything else', () => {
  test('whatever a file holds, it is read or refused, never an accident', async () => {
    const any = fc.jsonValue({ maxDepth: 4 })
    const entry = fc.record({ type: any, name: any, info: any, secret: any, otp: any }, { requiredKeys: [] })
    const slot = fc.record({ type: fc.constant(1), n: any, r: any, p: any, salt: any, key: any, key_params: any })
    const header = fc.record({ slots: fc.oneof(any, fc.array(slot)), params: any })
    const db = fc.record({ version: fc.constant(3), entries: fc.array(entry) })
    const file = fc.oneof(
      fc.record({ format: fc.constant('hearthkeep-otp'), version: fc.constant(1), otps: any }),
      fc.record({ version: fc.constant(1), header: fc.oneof(any, header), db: fc.oneof(any, db, fc.base64String()) }),
      fc.record({ services: fc.oneof(any, fc.array(entry)), servicesEncrypted: any }, { requiredKeys: ['services'] }),
    )
    const text = fc.oneof(
      file.map((value) => JSON.stringify(value)),
      fc.string(),
    )
    const migration = fc.uint8Array().map((bytes) => Buffer.from(bytes).toString('base64'))
    const uri = migration.map((data) => `otpauth-migration://offline?data=${encodeURIComponent(data)}`)
    await fc.assert(
      fc.asyncProperty(fc.oneof(text.map(utf8), uri.map(utf8), fc.uint8Array()), async (bytes) => {
        await read(bytes, 'x').catch((error) => expect(isClientError(error), String(error)).toBe(true))
      }),
      { numRuns: 1000 },
    )
  })

  test.each(['', '\n', 'hello', '{', '{}', '[]', '{"db":1,"header":2}', '{"format":"hearthkeep-otp","version":2}'])(
    '%j is refused in words',
    async (text) => {
      expect(isMalformedOtps(await failure(read(text)))).toBe(true)
    },
  )

  test('a damaged file never shows what is in it', async () => {
    const { bytes } = await writeOtpFile(stored, { format: 'hearthkeep', password: null, now })
    const error = (await failure(read(bytes.slice(0, -20)))) as Error
    expect(String(error.stack)).not.toMatch(/GEZDG|GitHub/)
    expect(isMalformedSealedBackup(await failure(read('HKSB', 'x')))).toBe(true)
    expect(isMalformedOtps(await failure(read(Uint8Array.of(0xff, 0xfe, 0))))).toBe(true)
  })
})
