import { readFile, stat } from 'node:fs/promises'
import { hostname } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { rfcSecret } from '#client/surfaces/otp/testing.ts'
import { account, backup, otpBench, pin } from './testing.ts'

let bench: Awaited<ReturnType<typeof otpBench>>

beforeEach(async () => {
  bench = await otpBench()
})

afterEach(() => bench[Symbol.asyncDispose]())

const eight = `otpauth://totp/ACME:ada?secret=${rfcSecret}&digits=8&issuer=ACME`

describe('otp add', () => {
  test('makes account and device on first use, and code prints what RFC 6238 says', async () => {
    const { otp, add, server } = bench
    expect(await add('GitHub:ada', 'gezd gnbv gy3t qojq gezd gnbv gy3t qojq')).toEqual({
      code: 0,
      out: 'Stored GitHub:ada.\n',
      err: 'Made the device phone. Its secrets open with this PIN alone: do not lose it.\n',
    })
    expect(server.devices[0]?.otps).toMatchObject([{ account: 'GitHub:ada', secret: rfcSecret }])
    expect(await otp(['code', 'github', '--at', '59'])).toMatchObject({ code: 0, out: '287082\t1 s\tGitHub:ada\n' })
    expect(await otp(['code', '--at', '1970-01-01T00:00:59Z'])).toMatchObject({ out: '287082\t1 s\tGitHub:ada\n' })
  })

  test('takes an otpauth URI with its own label and parameters, or under another label', async () => {
    const { otp, server } = bench
    const args = ['add', '--secret-file', '-', '--register']
    expect(await otp(args, { input: `${eight}\n` })).toMatchObject({ code: 0, out: 'Stored ACME:ada.\n' })
    expect(server.devices[0]?.name).toBe(hostname())
    expect(await otp([...args, 'Work'], { input: `${eight}\n` })).toMatchObject({ code: 0, out: 'Stored Work.\n' })
    expect((await otp(['code', 'Work', '--at', '59'])).out).toBe('94287082\t1 s\tWork\n')
  })

  test('asks for everything at a terminal, for a new PIN twice, and shows nothing of it', async () => {
    const { otp, server } = bench
    const keys = [`${account}\n`, `${rfcSecret}\n`, '4711\n', '4711\n']
    const asked = await otp(['add', 'x', '--register', '--device', 'phone'], { env: {}, keys })
    expect(asked).toMatchObject({ code: 0 })
    expect(asked.err).toMatch(/Account password: \nSecret or otpauth URI: \nPIN of phone: \nPIN of phone again: \n/)
    expect(asked.err + asked.out).not.toMatch(/4711|GEZD/)
    expect(server.devices[0]?.pin).toBe('4711')
    const differ = await otp(['add', 'y', '--device', 'two'], { env: {}, keys: [`${account}\n${rfcSecret}\n1\n2\n`] })
    expect(differ).toMatchObject({
      code: 2,
      err: 'Account password: \nSecret or otpauth URI: \nPIN of two: \nPIN of two again: \nPIN of two was typed differently the second time\n',
    })
  })

  test('refuses what makes no codes without repeating it, and before it goes anywhere', async () => {
    const { otp, add, server } = bench
    for (const bad of ['not-base32-1890', 'otpauth://totp/x?secret=1890', `${eight}&period=0`]) {
      const refused = await add('x', bad)
      expect(refused.code).toBe(2)
      expect(refused.err).not.toMatch(/1890|GEZD/)
    }
    expect(await otp(['add', '--secret-file', '-'], { input: rfcSecret })).toMatchObject({ code: 2 })
    expect(server.requests).toEqual([])
  })

  test('stores nothing twice', async () => {
    const { add, server } = bench
    await add('x', rfcSecret)
    expect(await add('x', rfcSecret)).toMatchObject({ code: 0, out: 'x is there already.\n' })
    expect(server.devices[0]?.otps).toHaveLength(1)
  })
})

describe('otp list and rm', () => {
  test('list needs no PIN and cannot repaint the terminal', async () => {
    const { otp, add } = bench
    await add('evil\u001b[2J', rfcSecret)
    await add('b', rfcSecret)
    const noPin = { env: { HEARTHKEEP_ACCOUNT_PASSWORD: account } }
    const { code, out } = await otp(['list'], noPin)
    expect([code, out.split('\n').map((line) => line.split('\t').slice(1))]).toEqual([
      0,
      [['evil\ufffd[2J', 'phone'], ['b', 'phone'], []],
    ])
    const listed = JSON.parse((await otp(['list', '--json'], noPin)).out)
    expect(listed).toMatchObject({ ok: true, devices: [{ name: 'phone', otps: [{ account: 'evil\u001b[2J' }, {}] }] })
    expect(await otp(['list', '--device', 'tablet'])).toMatchObject({ code: 7 })
  })

  test('rm asks, and takes whole labels and numbers only', async () => {
    const { otp, add, server } = bench
    await add('GitHub:ada', rfcSecret)
    await add('GitHub:bob', rfcSecret)
    expect(await otp(['rm', 'GitHub:ada'])).toMatchObject({ code: 2, err: expect.stringContaining('--yes') })
    expect(await otp(['rm', 'GitHub:ada'], { keys: ['n\n'] })).toMatchObject({ code: 130 })
    expect(await otp(['rm', 'GitHub', '--yes'])).toMatchObject({ code: 7 })
    expect(await otp(['rm', 'GitHub:ada'], { keys: ['y\n'] })).toMatchObject({ code: 0, out: 'Removed GitHub:ada.\n' })
    const last = server.devices[0]?.otps[0]
    expect(await otp(['rm', String(last?.id), '--yes', '--json'])).toMatchObject({ code: 0 })
    expect(server.devices[0]?.otps).toEqual([])
  })
})

describe('otp code', () => {
  test('says which ones match when several do', async () => {
    const { otp, add } = bench
    await add('GitHub:ada', rfcSecret)
    await add('GitHub:bob', rfcSecret)
    const several = await otp(['code', 'hub'])
    expect(several).toMatchObject({ code: 2, err: expect.stringMatching(/\d+ \(GitHub:ada\), \d+ \(GitHub:bob\)/) })
    expect(await otp(['code', 'gitlab'])).toMatchObject({ code: 7, err: 'There is no gitlab\n' })
    expect(await otp(['code', 'x', '--at', 'soon'])).toMatchObject({ code: 2 })
  })

  test('uses an HOTP counter up by showing its code, and only when it is asked for by name', async () => {
    const { otp, add, server } = bench
    await add('Door', `otpauth://hotp/Door?secret=${rfcSecret}&counter=0`)
    expect(await otp(['code'])).toMatchObject({ code: 0, out: '', err: 'No codes are stored there.\n' })
    const codes = [await otp(['code', 'door']), await otp(['code', 'door']), await otp(['code', 'door', '--json'])]
    expect(codes[0]?.out).toBe('755224\tonce\tDoor\n')
    expect(codes[1]?.out).toBe('287082\tonce\tDoor\n')
    expect(JSON.parse(codes[2]?.out ?? '')).toMatchObject({ codes: [{ code: '359152', secondsLeft: null }] })
    expect(server.devices[0]?.otps).toHaveLength(1)
  })

  test('shows no HOTP code twice, even to two who ask at once', async () => {
    const { otp, add, server } = bench
    await add('Door', `otpauth://hotp/Door?secret=${rfcSecret}&counter=0`)
    const both = await Promise.all([otp(['code', 'door']), otp(['code', 'door'])])
    const shown = both.filter(({ code }) => code === 0).map(({ out }) => out)
    expect(new Set(shown).size).toBe(shown.length)
    expect(both.map(({ code }) => code).every((code) => code === 0 || code === 6)).toBe(true)
    expect(server.devices[0]?.otps).toHaveLength(1)
  })

  test('leaves other texts alone', async () => {
    const { otp, add, server } = bench
    await add('x', rfcSecret)
    server.devices[0]?.otps.push({ id: 99, account: 'Okta', secret: 'LhBcxADNq0NrcPlxwP5skw' })
    expect((await otp(['code', '--at', '59'])).out).toBe('287082\t1 s\tx\n')
    expect(await otp(['code', 'Okta'])).toMatchObject({ code: 7, err: expect.stringContaining('makes no codes') })
  })
})

describe('otp import and export', () => {
  test.each([
    ['hearthkeep', false],
    ['hearthkeep', true],
    ['aegis', false],
    ['aegis', true],
    ['uris', true],
    ['google', true],
  ])('what is exported as %s (plain: %s) is imported on another device', async (format, plain) => {
    const { otp, add, server, home } = bench
    await add('GitHub:ada', rfcSecret)
    await add('ACME:ada', eight)
    const out = join(home, 'otps')
    const more = plain ? ['--plain'] : []
    expect(await otp(['export', '--out', out, '--format', format, ...more])).toMatchObject({ code: 0 })
    expect((await stat(out)).mode & 0o777).toBe(0o600)
    if (!plain) expect(await readFile(out, 'latin1')).not.toMatch(/GEZDGNBV|GitHub/)
    expect(await otp(['export', '--out', out])).toMatchObject({ code: 2, err: expect.stringContaining('--force') })
    expect(await otp(['import', out, '--device', 'new'])).toMatchObject({ code: 0, out: 'Stored 2 entries.\n' })
    const again = await otp(['import', out, '--device', 'new', '--json'])
    expect(JSON.parse(again.out)).toMatchObject({ stored: 0, present: 2, skipped: [] })
    const [one, two] = server.devices.map(({ otps }) => otps.map(({ account, secret }) => [account, secret]))
    expect(two).toEqual(one)
  })

  test('takes standard input and URIs, and says what stayed behind', async () => {
    const { otp, file, server } = bench
    const uri = `otpauth://totp/a?secret=${rfcSecret}`
    const taken = await otp(['import', '-', '--register', '--device', 'phone'], { input: `${uri}\notpauth://totp/b\n` })
    expect(taken).toMatchObject({ code: 0, out: 'Stored 1 entry.\n' })
    expect(taken.err).toContain('Left out: line 2: the secret is not base32.')
    const typed = await otp(['import', eight])
    expect(typed).toMatchObject({ code: 0, err: expect.stringContaining('can read the command line') })
    expect(server.devices[0]?.otps).toHaveLength(2)
    for (const bad of [await file('bad.json', '{"a":1}'), await file('empty', ''), join(bench.home, 'none')]) {
      expect(await otp(['import', bad])).toMatchObject({ code: 2, err: expect.stringContaining(bad) })
    }
    const mixed = ['import', '-', '--pin-file', '-']
    expect(await otp(mixed, { input: uri })).toMatchObject({ code: 2 })
  })

  test('an unusual label or text is stored as it is', async () => {
    const { otp, file, server } = bench
    const otps = [
      { account: 'a: b:c', secret: rfcSecret },
      { account: 'Okta', secret: 'any text' },
      { account: 'Renamed', secret: eight },
    ]
    const path = await file('mine.json', JSON.stringify({ format: 'hearthkeep-otp', version: 1, otps }))
    expect(await otp(['import', path, '--register'])).toMatchObject({ code: 0 })
    expect(server.devices[0]?.otps.map(({ account, secret }) => ({ account, secret }))).toEqual(otps)
  })

  test('writes no file with nothing in it', async () => {
    const { otp, add, server, home } = bench
    await add('Slow', `otpauth://totp/Slow?secret=${rfcSecret}&period=60`)
    const out = join(home, 'x')
    const google = await otp(['export', '--out', out, '--format', 'google', '--plain'])
    expect(google).toMatchObject({
      code: 7,
      err: expect.stringContaining('Left out: Slow: Google Authenticator knows'),
    })
    for (const device of server.devices) device.otps = []
    expect(await otp(['export', '--out', out, '--plain'])).toMatchObject({ code: 7 })
    await expect(stat(out)).rejects.toThrow('ENOENT')
  })

  test('encrypts unless told otherwise, never with a weak password or the account’s', async () => {
    const { otp, add, home } = bench
    await add('x', rfcSecret)
    const to = ['export', '--out', join(home, 'x')]
    const env = { HEARTHKEEP_ACCOUNT_PASSWORD: account, HEARTHKEEP_OTP_PIN: pin }
    expect(await otp(to, { env })).toMatchObject({ code: 2, err: expect.stringContaining('No backup password') })
    for (const weak of ['short', account]) {
      expect(await otp(to, { env: { ...env, HEARTHKEEP_BACKUP_PASSWORD: weak } })).toMatchObject({ code: 2 })
    }
    expect(await otp([...to, '--plain'], { env })).toMatchObject({ code: 0, err: expect.stringContaining('Warning') })
    const shown = await otp(['export', '--out', '-', '--plain', '--format', 'uris'], { env })
    expect(shown).toMatchObject({ code: 0, out: expect.stringMatching(/^otpauth:\/\/totp\/x\?secret=GEZD/) })
  })
})

describe('when something is wrong', () => {
  test('sign-in, PIN, lock and unopened files have exit codes of their own', async () => {
    const { otp, add, home } = bench
    const all = { HEARTHKEEP_ACCOUNT_PASSWORD: account, HEARTHKEEP_OTP_PIN: pin, HEARTHKEEP_BACKUP_PASSWORD: backup }
    const wrong = (name: string) => ({ env: { ...all, [name]: 'wrong but long enough' } })
    await add('x', rfcSecret)
    expect(await otp(['code'], wrong('HEARTHKEEP_ACCOUNT_PASSWORD'))).toMatchObject({ code: 4 })
    expect(await otp(['import', eight, '--register'], wrong('HEARTHKEEP_ACCOUNT_PASSWORD'))).toMatchObject({
      code: 4,
      err: expect.stringContaining('The account exists'),
    })
    await otp(['export', '--out', join(home, 'x')])
    expect(await otp(['import', join(home, 'x')], wrong('HEARTHKEEP_BACKUP_PASSWORD'))).toMatchObject({ code: 5 })
    for (let time = 0; time < 5; time += 1) {
      expect(await otp(['code'], wrong('HEARTHKEEP_OTP_PIN'))).toMatchObject({
        code: 5,
        err: expect.stringContaining('PIN of the device is wrong'),
      })
    }
    const locked = await otp(['code', '--json'])
    expect([locked.code, JSON.parse(locked.out)]).toMatchObject([
      5,
      { error: { kind: 'pin-locked', message: expect.stringContaining('in 15 minutes') } },
    ])
  })

  test('a closed house, and an account nobody asked to make', async () => {
    const { otp, add, server } = bench
    expect(await otp(['list'])).toMatchObject({ code: 4 })
    expect(await otp(['import', eight])).toMatchObject({ code: 4, err: expect.stringContaining('--register') })
    server.registrationClosed = true
    expect(await add('x', rfcSecret)).toMatchObject({ code: 4, err: expect.stringContaining('Registration is closed') })
    expect(server.tokens.size).toBe(0)
  })

  test('several devices: it must be said which', async () => {
    const { otp, add, server } = bench
    await add('x', rfcSecret)
    await add('y', rfcSecret, '--device', 'tablet')
    expect(await otp(['code'])).toMatchObject({ code: 2, err: expect.stringContaining('--device') })
    const [{ id } = { id: 0 }] = server.devices
    expect(await otp(['code', '--device', String(id), '--at', '59'])).toMatchObject({
      code: 0,
      out: '287082\t1 s\tx\n',
    })
  })

  test('every session is signed out again', async () => {
    await bench.add('x', rfcSecret)
    await bench.otp(['code'])
    await bench.otp(['code', 'nothing'])
    expect(bench.server.tokens.size).toBe(0)
  })
})
