import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { isDeviceUnknown, isNotSignedIn, isPinLocked, isRefused, isWrongPin } from '#client/surfaces/otp/errors.ts'
import { generateCode } from '#client/surfaces/otp/generate-code.ts'
import { fromBase32, otpFrom } from '#client/surfaces/otp/otp.ts'
import { OtpClient } from '#client/surfaces/otp/otp-client.ts'
import { storeOtps } from '#client/surfaces/otp/store-otps.ts'
import { readStored, toStored } from '#client/surfaces/otp/stored-otp.ts'
import { hearthkeep } from '#e2e/support/cli.ts'
import { freshEmail } from '#e2e/support/personas.ts'
import { startServer, type TestServer } from '#e2e/support/server.ts'

let server: TestServer
let folder: string
beforeAll(async () => {
  server = await startServer()
  folder = mkdtempSync(join(tmpdir(), 'hearthkeep-otp-'))
})
afterAll(async () => {
  await server?.[Symbol.asyncDispose]()
  rmSync(folder, { recursive: true, force: true })
})

const password = 'the account password'
const pin = '135790'
const secrets = {
  HEARTHKEEP_ACCOUNT_PASSWORD: password,
  HEARTHKEEP_BACKUP_PASSWORD: 'the backup password, another one',
  HEARTHKEEP_OTP_PIN: pin,
}

/** RFC 6238 appendix B: the seeds of its three hashes, and the codes at second 59. */
const rfcSeed = 'GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ'
const sha256Seed = 'GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQGEZA'
const sha512Seed = `${'GEZDGNBVGY3TQOJQ'.repeat(6)}GEZDGNA`
const uris = [
  `otpauth://totp/RFC:sha1?secret=${rfcSeed}&issuer=RFC&digits=8`,
  `otpauth://totp/RFC:sha256?secret=${sha256Seed}&issuer=RFC&digits=8&algorithm=SHA256`,
  `otpauth://totp/RFC:sha512?secret=${sha512Seed}&issuer=RFC&digits=8&algorithm=SHA512`,
]
const codesAt59 = { 'RFC:sha1': '94287082', 'RFC:sha256': '46119246', 'RFC:sha512': '90693936' }

async function failure(promise: Promise<unknown>): Promise<unknown> {
  return promise.then(
    () => expect.unreachable('it succeeded'),
    (error) => error,
  )
}

/** A phone with the SDK, signed in. */
async function phone(email = freshEmail()) {
  const client = new OtpClient({ server: server.url })
  await client.register(email, password)
  await client.signIn(email, password)
  return { email, client }
}

/** `hearthkeep otp …` of somebody. */
function commandLine(email: string) {
  const common = ['--email', email, '--server', server.url]
  return (args: string[], env: Record<string, string> = secrets, input = '') =>
    hearthkeep(['otp', ...args, ...common], env, input)
}

const fileOf = (name: string, content: string) => {
  writeFileSync(join(folder, name), content)
  return join(folder, name)
}

describe('a phone', () => {
  test('registers, stores on a device, and reads back what makes the codes of RFC 6238', async () => {
    const { email, client } = await phone()
    const { id } = await client.addDevice('my phone', pin)
    await client.addOtp(id, pin, { account: 'RFC:sha1', secret: uris[0] ?? '' })
    expect(await client.importOtps(id, pin, uris.slice(1))).toMatchObject([{ account: 'RFC:sha256' }, {}])
    await client.addOtp(id, pin, { account: 'Okta', secret: 'LhBcxADNq0NrcPlxwP5skw' })

    const { otps } = await client.otps(id, pin)
    const made = otps.map((stored) => {
      const otp = readStored(stored)
      return [stored.account, otp && generateCode(otp, 59_000).code]
    })
    expect(made).toEqual([...Object.entries(codesAt59), ['Okta', null]])

    const other = new OtpClient({ server: server.url })
    await other.signIn(email.toUpperCase(), password)
    expect(await other.devices()).toMatchObject([
      { id, name: 'my phone', otps: otps.map(({ account }) => ({ account })) },
    ])
  })

  test('is told apart: wrong sign-in, wrong PIN, another one’s device, a name that is taken', async () => {
    const { email, client } = await phone()
    const { id } = await client.addDevice('phone', pin)
    const stranger = (await phone()).client
    expect(isNotSignedIn(await failure(stranger.signIn(email, 'wrong')))).toBe(true)
    expect(isRefused(await failure(stranger.register(email, password)), 'account-exists')).toBe(true)
    expect(isRefused(await failure(stranger.register('', password)), 'invalid-parameters')).toBe(true)
    expect(isRefused(await failure(client.addDevice('x', '')), 'invalid-parameters')).toBe(true)
    expect(isWrongPin(await failure(client.otps(id, '000000')))).toBe(true)
    for (const call of [stranger.otps(id, pin), stranger.addOtp(id, pin, { account: 'x', secret: 'x' })]) {
      expect(isDeviceUnknown(await failure(call))).toBe(true)
    }
    for (const call of [stranger.renameDevice(id, 'x'), stranger.deleteDevice(id), stranger.changePin(id, pin, 'x')]) {
      expect(isDeviceUnknown(await failure(call))).toBe(true)
    }
    await client.signOut()
    expect(isNotSignedIn(await failure(client.devices()))).toBe(true)
  })

  test('keeps house: rename, delete, another PIN, an ended token', async () => {
    const { client } = await phone()
    const { id } = await client.addDevice('phone', pin)
    const { id: otpId } = await client.addOtp(id, pin, { account: 'a', secret: rfcSeed })
    expect(await client.renameOtp(otpId, 'b')).toEqual({ id: otpId, account: 'b' })
    expect(await client.renameDevice(id, 'old phone')).toEqual({ id, name: 'old phone' })
    await client.changePin(id, pin, 'other')
    expect((await client.otps(id, 'other')).otps).toEqual([{ id: otpId, account: 'b', secret: rfcSeed }])
    await client.deleteOtp(otpId)
    expect(isRefused(await failure(client.deleteOtp(otpId)), 'unknown-otp')).toBe(true)
    await client.deleteDevice(id)
    expect(await client.devices()).toEqual([])
    const token = client.token ?? ''
    await client.signOut()
    expect(isNotSignedIn(await failure(new OtpClient({ server: server.url, token }).devices()))).toBe(true)
  })

  test('is locked out after five wrong PINs, and told for how long', async () => {
    const { email, client } = await phone()
    const { id } = await client.addDevice('phone', pin)
    for (let time = 0; time < 5; time += 1) expect(isWrongPin(await failure(client.otps(id, '0')))).toBe(true)
    const locked = await failure(client.otps(id, pin))
    expect([isPinLocked(locked), locked]).toMatchObject([true, { retryAfter: expect.any(Number) }])
    const run = await commandLine(email)(['code', '--json'])
    expect([run.code, JSON.parse(run.stdout).error.kind]).toEqual([5, 'pin-locked'])
  })

  test('stores hundreds at once exactly as they are, also with labels a URI would bend', async () => {
    const { client } = await phone()
    const { id } = await client.addDevice('phone', pin)
    const labels = ['a: b', ':x', 'a:b:c', ' space ', '100%', '%3A', 'C#', 'a+b&c=d?', '🦔:é', 'GitHub:GitHub']
    const many = Array.from({ length: 400 }, (_, index) => ({ account: `Site ${index}:ada`, secret: rfcSeed }))
    const given = [...labels.map((account) => ({ account, secret: rfcSeed })), ...many]
    const eight = (issuer: string, name: string) =>
      toStored(otpFrom({ type: 'totp', issuer, name, digits: 8, secret: fromBase32(rfcSeed) }))
    const unusual = [
      ...uris.map((secret, index) => ({ account: Object.keys(codesAt59)[index] ?? '', secret })),
      ...[...labels, ''].flatMap((label) => [
        eight(label, 'ada'),
        eight('', label),
        eight(label, ''),
        eight('a', label),
      ]),
      { ...eight('ACME', 'ada'), account: 'another label' },
    ]
    await storeOtps(client, { deviceId: id, pin }, [...given, ...unusual])
    const { otps } = await client.otps(id, pin)
    const sorted = (list: { account: string; secret: string }[]) =>
      list.map(({ account, secret }) => `${account} ${secret}`).sort()
    expect(sorted(otps)).toEqual(sorted([...given, ...unusual]))
  })
})

describe('hearthkeep otp', () => {
  test('goes the whole way: register, device, add, code, list, rm', async () => {
    const run = commandLine(freshEmail())
    const first = await run(
      ['add', 'GitHub:ada', '--secret-file', '-', '--device', 'desk', '--register'],
      secrets,
      rfcSeed,
    )
    expect([first.code, first.stdout]).toEqual([0, 'Stored GitHub:ada.\n'])
    expect((await run(['import', fileOf('uris.txt', uris.join('\n'))])).stdout).toBe('Stored 3 entries.\n')

    const { code, stdout } = await run(['code', '--at', '59', '--json'])
    expect([
      code,
      JSON.parse(stdout).codes.map(({ account, code }: Record<string, string>) => [account, code]),
    ]).toEqual([0, [['GitHub:ada', '287082'], ...Object.entries(codesAt59)]])
    expect((await run(['code', 'sha512', '--at', '1970-01-01T00:00:59Z'])).stdout).toBe('90693936\t1 s\tRFC:sha512\n')
    expect((await run(['code', 'GitHub'])).stdout).toMatch(/^\d{6}\t\d+ s\tGitHub:ada\n$/)

    expect((await run(['rm', 'RFC:sha256', '--yes'])).code).toBe(0)
    const { HEARTHKEEP_ACCOUNT_PASSWORD } = secrets
    expect((await run(['list'], { HEARTHKEEP_ACCOUNT_PASSWORD })).stdout).toMatch(
      /^\d+\tGitHub:ada\tdesk\n\d+\tRFC:sha1\tdesk\n\d+\tRFC:sha512\tdesk\n$/,
    )
  })

  test('counts HOTP on, one code a call', async () => {
    const run = commandLine(freshEmail())
    const uri = `otpauth://hotp/Door?secret=${rfcSeed}&counter=0`
    expect((await run(['import', '-', '--register', '--device', 'desk'], secrets, uri)).code).toBe(0)
    const codes = [await run(['code', 'Door']), await run(['code', 'Door']), await run(['code', 'Door'])]
    expect(codes.map(({ stdout }) => stdout.slice(0, 6))).toEqual(['755224', '287082', '359152'])
  })

  test.each([
    ['hearthkeep', []],
    ['aegis', []],
    ['aegis', ['--plain']],
    ['google', ['--plain']],
  ])('moves house by an export as %s %j', async (format, more) => {
    const [old, fresh] = [commandLine(freshEmail()), commandLine(freshEmail())]
    await old(['import', fileOf('uris.txt', uris.join('\n')), '--register', '--device', 'old'])
    const out = join(folder, `${format}${more.length}`)
    expect((await old(['export', '--out', out, '--format', format, ...more])).code).toBe(0)
    expect(statSync(out).mode & 0o777).toBe(0o600)
    if (more.length === 0) expect(readFileSync(out, 'latin1')).not.toMatch(/GEZD|sha256/)
    expect((await fresh(['import', out, '--register', '--device', 'new'])).stdout).toBe('Stored 3 entries.\n')
    expect((await fresh(['import', out])).stdout).toBe('Stored 0 entries; 3 were there already.\n')
    const shown = await fresh(['code', '--at', '59'])
    expect(shown.stdout).toBe(
      Object.entries(codesAt59)
        .map(([account, code]) => `${code}\t1 s\t${account}\n`)
        .join(''),
    )
  })

  test('wrong password, wrong PIN, wrong backup password, nothing stored: exit codes of their own', async () => {
    const run = commandLine(freshEmail())
    await run(['import', fileOf('uris.txt', uris.join('\n')), '--register', '--device', 'desk'])
    const wrong = 'wrong, but long enough'
    expect((await run(['code'], { ...secrets, HEARTHKEEP_ACCOUNT_PASSWORD: wrong })).code).toBe(4)
    const pinned = await run(['code'], { ...secrets, HEARTHKEEP_OTP_PIN: wrong })
    expect([pinned.code, pinned.stdout, pinned.stderr]).toEqual([5, '', 'The PIN of the device is wrong\n'])
    const out = join(folder, 'sealed')
    await run(['export', '--out', out])
    expect((await run(['import', out], { ...secrets, HEARTHKEEP_BACKUP_PASSWORD: wrong })).code).toBe(5)
    expect((await run(['code', 'nobody'])).code).toBe(7)
    expect((await run(['code', '--device', 'nowhere'])).code).toBe(7)
    expect((await commandLine(freshEmail())(['list'])).code).toBe(4)
    const nowhere = ['otp', 'code', '--email', freshEmail(), '--server', 'http://127.0.0.1:1']
    expect((await hearthkeep(nowhere, secrets)).code).toBe(3)
  })

  test('neither log nor database hold a PIN, password or secret in the clear', async () => {
    expect(server.log()).not.toMatch(new RegExp(`${pin}|${password}|GEZDGNBV`))
    const files = readdirSync(server.dataFolder, { recursive: true, withFileTypes: true }).filter((entry) =>
      entry.isFile(),
    )
    for (const entry of files) {
      const bytes = readFileSync(join(entry.parentPath, entry.name))
      for (const secret of ['GEZDGNBV', pin, password]) expect(bytes.includes(secret)).toBe(false)
    }
  })
})
