import { execFileSync } from 'node:child_process'
import { createCipheriv, pbkdf2Sync, randomBytes, scryptSync } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import fc from 'fast-check'
import { PbfWriter } from 'pbf'
import { describe, expect, test } from 'vitest'
import { isMalformedSealedBackup, isWrongPasswordOrDamaged } from '#client/crypto/errors.ts'
import { isClientError } from '#client/errors/client-error.ts'
import { sealVault } from './aegis-vault.ts'
import { isMalformedOtps } from './errors.ts'
import { writeMigrationPayload } from './generated/google-migration.js'
import { parseMigrationUris, whyNotMigratable, writeMigrationUris } from './google-migration.ts'
import { fromBase32, type Otp, otpFrom } from './otp.ts'
import type { OtpFile } from './otp-file.ts'
import { readOtpFile } from './read-otp-file.ts'
import { readStored, type StoredOtp, toStored } from './stored-otp.ts'
import { anyOtp, rfcSecret, utf8 } from './testing.ts'
import { type ExportFormat, exportFormats, writeOtpFile } from './write-otp-file.ts'

const password = 'correct horse battery'
const kdf = { memoryKiB: 8, iterations: 1, parallelism: 1 }
const now = new Date('2026-11-21T07:42:00Z')

const nobodyAsked = () => Promise.reject(new Error('asked for a password'))

function read(content: string | Uint8Array, secret?: string): Promise<OtpFile> {
  const bytes = typeof content === 'string' ? utf8(content) : content
  return readOtpFile(bytes, { password: secret === undefined ? nobodyAsked : () => Promise.resolve(secret) })
}

async function failure(promise: Promise<unknown>): Promise<unknown> {
  return promise.then(
    () => expect.unreachable('it was read'),
    (error) => error,
  )
}

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

describe('Aegis', () => {
  const entry = { type: 'totp', name: 'ada', issuer: 'GitHub', info: { secret: rfcSecret, algo: 'SHA1', digits: 6 } }
  const plain = (entries: unknown[], version = 3) =>
    JSON.stringify({ version: 1, header: { slots: null, params: null }, db: { version, entries } })

  test('opens a vault that Node’s own scrypt and AES-256-GCM sealed, by either of two passwords', async () => {
    const master = randomBytes(32)
    const gcm = (key: Buffer, content: Buffer) => {
      const nonce = randomBytes(12)
      const cipher = createCipheriv('aes-256-gcm', key, nonce)
      const bytes = Buffer.concat([cipher.update(content), cipher.final()])
      return { bytes, params: { nonce: nonce.toString('hex'), tag: cipher.getAuthTag().toString('hex') } }
    }
    const slot = (secret: string) => {
      const salt = randomBytes(32)
      const { bytes, params } = gcm(scryptSync(secret, salt, 32, { N: 1024, r: 8, p: 1 }), master)
      return {
        type: 1,
        key: bytes.toString('hex'),
        key_params: params,
        n: 1024,
        r: 8,
        p: 1,
        salt: salt.toString('hex'),
      }
    }
    const { bytes, params } = gcm(master, Buffer.from(JSON.stringify({ version: 2, entries: [entry] })))
    const slots = [{ type: 2, key: 'biometric' }, slot('one'), slot('pässwörd')]
    const file = JSON.stringify({ version: 1, header: { slots, params }, db: bytes.toString('base64') })
    for (const secret of ['one', 'pässwörd']) {
      expect((await read(file, secret)).otps).toEqual([{ account: 'GitHub:ada', secret: rfcSecret }])
    }
    expect(isWrongPasswordOrDamaged(await failure(read(file, 'two')))).toBe(true)
  })

  test('skips what it cannot make codes of, and names it', async () => {
    const entries = [{ ...entry, type: 'steam' }, { ...entry, info: {} }, null, 7, { ...entry, name: 7 }, entry]
    const { otps: found, skipped } = await read(plain(entries))
    expect(found).toHaveLength(1)
    expect(skipped.map(({ what }) => what)).toEqual(['GitHub:ada', 'GitHub:ada', 'entry 3', 'entry 4', 'GitHub'])
    expect(skipped[0]?.why).toBe('only TOTP and HOTP codes are supported')
  })

  test('refuses a vault that would eat the memory, and newer versions', async () => {
    const { header, db } = await sealVault({ version: 3, entries: [] }, 'x', (n) => new Uint8Array(n), {
      n: 2,
      r: 8,
      p: 1,
    })
    const [slot] = header.slots
    for (const absurd of [
      { n: 2 ** 30 },
      { r: 2 ** 20 },
      { p: 1000 },
      { n: 3 },
      { n: 0 },
      { n: '1' },
      { p: -1 },
      { r: null },
    ]) {
      const forged = { version: 1, header: { ...header, slots: [{ ...slot, ...absurd }] }, db }
      const error = await failure(read(JSON.stringify(forged), 'x'))
      expect(String(error)).toMatch(/absurd/)
    }
    for (const newer of [plain([entry], 4), plain([entry]).replace('"version":1', '"version":2')]) {
      expect(String(await failure(read(newer)))).toMatch(/update this program/)
    }
  })
})

describe('2FAS', () => {
  const otp = {
    label: 'ada',
    account: 'ada',
    issuer: 'GitHub',
    digits: 8,
    period: 60,
    algorithm: 'SHA256',
    tokenType: 'TOTP',
  }
  const services = [
    { name: 'GitHub', secret: rfcSecret, otp },
    { name: 'Door', secret: rfcSecret, otp: { account: 'x', counter: 5, tokenType: 'HOTP' } },
    { name: 'Steam', secret: rfcSecret, otp: { account: 'x', tokenType: 'STEAM' } },
    { name: 'Old', secret: rfcSecret, otp: { account: 'x', issuer: 'Old', label: 'Old:x' } },
  ]

  test('reads plain backups, old and new', async () => {
    const { otps: found, skipped } = await read(JSON.stringify({ services, schemaVersion: 4, groups: [] }))
    expect(found.map(readStored)).toEqual([
      otpFrom({ ...otp, type: 'totp', name: 'ada', secret }),
      otpFrom({ type: 'hotp', issuer: 'Door', name: 'x', secret, counter: 5 }),
      otpFrom({ type: 'totp', issuer: 'Old', name: 'x', secret }),
    ])
    expect(skipped).toEqual([{ what: 'Steam:x', why: 'only TOTP and HOTP codes are supported' }])
  })

  test('reads encrypted ones, as Node’s own PBKDF2 and AES-256-GCM make them', async () => {
    const [salt, nonce] = [randomBytes(256), randomBytes(12)]
    const cipher = createCipheriv('aes-256-gcm', pbkdf2Sync('pw', salt, 10_000, 32, 'sha256'), nonce)
    const content = Buffer.concat([cipher.update(JSON.stringify(services)), cipher.final(), cipher.getAuthTag()])
    const servicesEncrypted = [content, salt, nonce].map((bytes) => bytes.toString('base64')).join(':')
    const file = JSON.stringify({ services: [], servicesEncrypted })
    expect((await read(file, 'pw')).otps).toHaveLength(3)
    expect(isWrongPasswordOrDamaged(await failure(read(file, 'wrong')))).toBe(true)
    for (const damaged of ['x', '::', 'AAAA::AAAAAAAAAAAAAAAA', servicesEncrypted.slice(0, -4)]) {
      const error = await failure(read(JSON.stringify({ services: [], servicesEncrypted: damaged }), 'pw'))
      expect(isMalformedOtps(error)).toBe(true)
    }
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
