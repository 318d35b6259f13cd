import { createCipheriv, pbkdf2Sync, randomBytes, scryptSync } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import { isWrongPasswordOrDamaged } from '#client/crypto/errors.ts'
import { sealVault } from './aegis-vault.ts'
import { isMalformedOtps } from './errors.ts'
import { fromBase32, otpFrom } from './otp.ts'
import { readStored } from './stored-otp.ts'
import { failure, read, rfcSecret } from './testing.ts'

const secret = fromBase32(rfcSecret)

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
