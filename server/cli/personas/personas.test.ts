import { readdir, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { isSealed } from '#client/surfaces/personas/seal-persona.ts'
import { account, backup, env, filesIn, personaFiles, personasBench, who } from './testing.ts'

let bench: Awaited<ReturnType<typeof personasBench>>

beforeEach(async () => {
  bench = await personasBench()
})

afterEach(() => bench[Symbol.asyncDispose]())

test('stores a folder sealed, and gives it back byte for byte to a device that has nothing', async () => {
  const { server, home, put, get, stored, folder } = bench
  const saved = await put(await folder('mine'), '--register')
  expect(saved).toMatchObject({
    code: 0,
    out: 'Stored work (4 files, sealed).\n',
    err: 'Registered ada@example.org.\n',
  })
  expect(server.stored.get('ada@example.org work')?.contentType).toBe('application/vnd.hearthkeep.sealed')
  expect(isSealed(stored())).toBe(true)
  expect(stored().toString('latin1')).not.toMatch(/persona\.json|secret/)

  const out = join(home, 'restored')
  expect(await get(out)).toMatchObject({ code: 0, out: `Wrote ${out}: 4 files, were sealed.\n`, err: '' })
  expect(await filesIn(out)).toEqual(personaFiles)
  const modes = [out, join(out, 'keyring'), join(out, 'keyring', 'secrets.json')].map(
    async (path) => (await stat(path)).mode,
  )
  expect((await Promise.all(modes)).map((mode) => mode & 0o777)).toEqual([0o700, 0o700, 0o600])
})

test('needs no backup password for what is not sealed', async () => {
  const { home, personas, put, folder } = bench
  const accountOnly = { env: { HEARTHKEEP_ACCOUNT_PASSWORD: account } }
  const args = ['put', 'work', await folder('mine'), ...who, '--register']
  expect(await personas([...args, '--no-seal'], accountOnly)).toMatchObject({ code: 0 })
  expect(await personas(['get', 'work', ...who, '--out', join(home, 'out')], accountOnly)).toMatchObject({ code: 0 })
  expect(await personas(args, accountOnly)).toMatchObject({
    code: 2,
    err: expect.stringContaining('No backup password'),
  })
  expect(await put(join(home, 'mine'), '--no-seal', '--backup-password-file', 'x')).toMatchObject({ code: 2 })
})

test('lists ids one a line, harmlessly for a terminal, exactly for a program', async () => {
  const { server, personas, put, folder } = bench
  const mine = await folder('mine')
  await put(mine, '--register', '--no-seal')
  await personas(['put', 'evil\u001b[2J\u202e', mine, ...who, '--no-seal'])
  expect(await personas(['list', ...who])).toMatchObject({ code: 0, out: 'evil\ufffd[2J\ufffd\nwork\n', err: '' })
  const { out } = await personas(['list', ...who, '--json'])
  const list = { ok: true, server: server.url, email: 'ada@example.org', personas: ['evil\u001b[2J\u202e', 'work'] }
  expect(JSON.parse(out)).toEqual(list)
})

test('removes a persona only when somebody says yes', async () => {
  const { server, personas, put, folder } = bench
  await put(await folder('mine'), '--register', '--no-seal')
  const rm = ['rm', 'work', ...who]
  expect(await personas(rm)).toMatchObject({ code: 2, err: expect.stringContaining('--yes') })
  for (const answer of ['n\n', '\n', 'yesterday\n']) {
    const asked = await personas(rm, { keys: [answer] })
    expect(asked).toMatchObject({ code: 130, err: expect.stringContaining('Nothing was removed') })
    expect(asked.err).toContain(`Remove work of ada@example.org from ${server.url}? [y/N] `)
  }
  expect(server.stored.size).toBe(1)
  expect(await personas(rm, { keys: ['y\n'] })).toMatchObject({ code: 0, out: 'Removed work.\n' })
  expect(server.stored.size).toBe(0)
  expect(await personas([...rm, '--yes'])).toMatchObject({ code: 0 })
  expect(await personas(['list', ...who])).toMatchObject({
    code: 0,
    out: '',
    err: 'Nothing is stored for ada@example.org.\n',
  })
})

test('answers a confirmation and a password pasted together', async () => {
  const { server, personas, put, folder } = bench
  await put(await folder('mine'), '--register', '--no-seal')
  const pasted = await personas(['rm', 'work', ...who], { env: {}, keys: [`yes\n${account}\n`] })
  expect(pasted).toMatchObject({ code: 0 })
  expect(server.stored.size).toBe(0)
})

test('prints one JSON object for programs', async () => {
  const { server, home, personas, put, get, stored, folder } = bench
  const path = await folder('mine')
  const { code, out } = await put(path, '--register', '--json')
  const fields = { server: server.url, email: 'ada@example.org', id: 'work', sealed: true, files: 4, etag: '"1"' }
  expect([code, JSON.parse(out)]).toEqual([0, { ok: true, ...fields, bytes: stored().length, registered: true }])
  const got = JSON.parse((await get(join(home, 'out'), '--json')).out)
  expect(got).toMatchObject({ ok: true, id: 'work', sealed: true, files: 4, etag: '"1"' })
  expect(await get('-', '--json')).toMatchObject({ code: 2 })
  const failed = JSON.parse((await personas(['get', 'none', ...who, '--out', join(home, 'x'), '--json'])).out)
  expect(failed).toMatchObject({ ok: false, exitCode: 7, error: { kind: 'nothing-stored' } })
})

test('ends with a code of its own for every way to fail', async () => {
  const { server, home, personas, put, stored, folder } = bench
  const mine = await folder('mine')
  expect(await put(mine)).toMatchObject({ code: 4, err: expect.stringContaining('--register') })
  await put(mine, '--register')
  const out = join(home, 'out')
  const args = ['get', 'work', ...who, '--out', out]
  const wrongAccount = { env: { ...env, HEARTHKEEP_ACCOUNT_PASSWORD: 'another one' } }
  const wrongBackup = { env: { ...env, HEARTHKEEP_BACKUP_PASSWORD: 'another password' } }
  expect(await personas(args, wrongAccount)).toMatchObject({ code: 4, err: expect.stringContaining('wrong account') })
  expect(await personas(['list', ...who], wrongAccount)).toMatchObject({ code: 4 })
  expect(await personas(['rm', 'work', ...who, '--yes'], wrongAccount)).toMatchObject({ code: 4 })
  expect(await personas(args, wrongBackup)).toMatchObject({ code: 5 })
  expect(await personas(args, { local: 'http://127.0.0.1:1' })).toMatchObject({ code: 3 })
  expect(await personas(args, { local: null })).toMatchObject({ code: 2, err: expect.stringContaining('--server') })
  expect(await personas(['get', 'other', ...who, '--out', out])).toMatchObject({ code: 7 })
  expect(await personas(['get', 'work', '--out', out])).toMatchObject({ code: 2 })
  expect(await personas(['get', 'a/b', ...who, '--out', out])).toMatchObject({ code: 2 })
  expect(await personas(['list', ...who, '--nonsense'])).toMatchObject({ code: 2 })
  server.stored.set('ada@example.org work', { bytes: stored().fill(0, 60), contentType: 'x/y', version: 2 })
  expect(await personas(args)).toMatchObject({ code: 5 })
  expect(await readdir(home)).toEqual(['mine'])
})

test('takes the existing account for --register, and says when only the password is wrong', async () => {
  const { server, personas, put, folder } = bench
  const mine = await folder('mine')
  await put(mine, '--register')
  expect(await put(mine, '--register')).toMatchObject({ code: 0, err: '' })
  const args = ['put', 'work', mine, ...who, '--register']
  const wrong = await personas(args, { env: { ...env, HEARTHKEEP_ACCOUNT_PASSWORD: 'not hers at all' } })
  expect(wrong).toMatchObject({ code: 4, err: expect.stringContaining('The account exists') })
  server.registrationClosed = true
  const closed = await personas(['put', 'work', mine, '--email', 'carol@x.org', '--register'])
  expect(closed).toMatchObject({ code: 4, err: expect.stringContaining('Registration is closed') })
})

test('refuses a short backup password, or the account’s as the backup’s, before it talks to anybody', async () => {
  const { server, personas, folder } = bench
  const args = ['put', 'work', await folder('mine'), ...who, '--register']
  const short = { env: { ...env, HEARTHKEEP_BACKUP_PASSWORD: 'twelve chars' } }
  expect(await personas(args, short)).toMatchObject({ code: 2, err: expect.stringContaining('longer than 12') })
  const same = { env: { ...env, HEARTHKEEP_BACKUP_PASSWORD: account } }
  expect(await personas(args, same)).toMatchObject({ code: 2, err: expect.stringContaining('must not be the account') })
  expect(server.requests).toEqual([])
})

test('reads passwords from files, from standard input and from hidden prompts', async () => {
  const { home, personas, folder, file } = bench
  const args = ['put', 'work', await folder('mine'), ...who, '--register']
  const [accountFile, backupFile] = [await file('account', `${account}\n`), await file('backup', `${backup}\r\n`)]
  const fromFiles = ['--account-password-file', accountFile, '--backup-password-file', backupFile]
  expect(await personas([...args, ...fromFiles], { env: {} })).toMatchObject({ code: 0 })
  const fromInput = ['--account-password-file', '-', '--backup-password-file', '-']
  const lines = { env: {}, input: `${account}\n${backup}\n` }
  expect(await personas([...args, ...fromInput], lines)).toMatchObject({ code: 0 })
  expect(await personas(['get', 'work', ...who, '--out', join(home, 'a'), ...fromInput], lines)).toMatchObject({
    code: 0,
  })
  const typed = await personas(args, { env: {}, keys: [`${account}\r`, `${backup}\r`, `${backup}\r`] })
  expect(typed.code).toBe(0)
  expect(typed.err).not.toContain(backup)
  const got = await personas(['get', 'work', ...who, '--out', join(home, 'b')], {
    env: {},
    keys: [`${account}\r`, `${backup}\r`],
  })
  expect(got).toMatchObject({ code: 0 })
  expect(await personas(args, { env: {}, keys: ['\u0003'] })).toMatchObject({ code: 130 })
})

test('explains layout, passwords and exit codes', async () => {
  const { personas } = bench
  const { out } = await personas(['put', '--help'])
  for (const words of ['keyring/secrets.json', 'HEARTHKEEP_BACKUP_PASSWORD', 'HEARTHKEEP_SERVER', '5  wrong backup']) {
    expect(out).toContain(words)
  }
  expect((await personas(['rm', '--help'])).out).not.toContain('HEARTHKEEP_BACKUP_PASSWORD')
})
