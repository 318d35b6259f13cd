import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Command } from 'commander'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { type StubServer, startStubServer } from '#client/node/testing/stub-server.ts'
import { writeIdentityJson } from '#client/surfaces/cloud-backup/identity-json.ts'
import { backupOf, cheapKdf, contact, identityOf } from '#client/surfaces/cloud-backup/test-backups.ts'
import { testTerminal } from '#server/cli/terminal/testing.ts'
import { register } from './register.ts'

const account = 'account password'
const backup = 'backup password'
const env = { HEARTHKEEP_ACCOUNT_PASSWORD: account, HEARTHKEEP_BACKUP_PASSWORD: backup }
const ann = writeIdentityJson(backupOf([contact('ann', { updatedAt: 1 })]))
const bob = writeIdentityJson(backupOf([contact('bob', { updatedAt: 2 })]))
const both = writeIdentityJson(backupOf([contact('ann', { updatedAt: 1 }), contact('bob', { updatedAt: 2 })]))

let server: StubServer
let home: string

beforeEach(async () => {
  server = await startStubServer()
  home = await mkdtemp(join(tmpdir(), 'hearthkeep-cloud-'))
})

afterEach(async () => {
  await server[Symbol.asyncDispose]()
  await rm(home, { recursive: true })
})

type Run = { env?: Record<string, string | undefined>; local?: string | null; input?: string; keys?: string[] }

/** `hearthkeep cloud …` in this process: exit code and what was printed. */
async function cloud(args: string[], { env: extra = env, local = server.url, input, keys }: Run = {}) {
  const terminal = testTerminal({ XDG_CONFIG_HOME: join(home, 'config'), ...extra }, { tty: keys !== undefined })
  if (input !== undefined) terminal.stdin.end(input)
  for (const key of keys ?? []) terminal.stdin.write(key)
  let code: number | undefined
  const program = new Command('hearthkeep')
  register(program, {
    terminal,
    localServer: () => local,
    kdf: cheapKdf,
    finish: (ended) => {
      code = ended
    },
    exit: (ended) => {
      throw Object.assign(new Error('exit'), { ended })
    },
  })
  await program.parseAsync(['node', 'hearthkeep', 'cloud', ...args]).catch((error) => {
    if (error.ended === undefined) throw error
    code = error.ended
  })
  return { code, out: terminal.out(), err: terminal.err(), rawModes: terminal.rawModes }
}

async function file(name: string, text: string): Promise<string> {
  await writeFile(join(home, name), text)
  return join(home, name)
}

const put = async (text: string, ...more: string[]) =>
  cloud(['put', '--user', 'alice', '--identity', await file('me.json', text), ...more])
/** As a second device, with a memory of its own. */
const putElsewhere = (text: string, ...more: string[]) => put(text, '--state', join(home, 'other.json'), ...more)
const getText = async () => (await cloud(['get', '--user', 'alice', '--out', '-', '--state', join(home, 'x')])).out

test('stores an identity and gives it back byte for byte to a device that has nothing', async () => {
  expect(await put(both, '--sign-up')).toMatchObject({ code: 0, out: 'Saved as version 1 (2 contacts).\n', err: '' })
  const out = join(home, 'new.json')
  const got = await cloud(['get', '--user', 'Alice', '--out', out, '--state', join(home, 'fresh')])
  expect(got).toMatchObject({ code: 0, err: '' })
  expect(await readFile(out, 'utf8')).toBe(both)
  expect((await stat(out)).mode & 0o777).toBe(0o600)
})

test('remembers the version it saw, so that a contact can be removed on purpose', async () => {
  await put(both, '--sign-up')
  expect(await put(ann)).toMatchObject({ code: 0, out: 'Saved as version 2 (1 contact).\n', err: '' })
  expect(await getText()).toBe(ann)
  const state = await readFile(join(home, 'config', 'hearthkeep', 'cloud-state.json'), 'utf8')
  expect(JSON.parse(state).slots).toEqual({
    [`${server.url} alice`]: { seen: 2, saved: 2, identity: expect.stringMatching(/^[0-9a-f]{16}$/) },
  })
})

test('merges what another device saved meanwhile, and says so', async () => {
  await put(ann, '--sign-up')
  await putElsewhere(bob)
  const third = await put(ann)
  expect(third.code).toBe(0)
  expect(third.err).toContain('Another device saved version 2 meanwhile; fetched, merged, saved as version 3.')
  expect(JSON.parse(await getText()).contacts).toHaveLength(2)
})

test('does not drop merged contacts with the next put of the same file', async () => {
  await put(ann, '--sign-up')
  await putElsewhere(bob)
  const again = await putElsewhere(bob)
  expect(again.err).toContain('Merged again with version 2, saved as version 3.')
  expect(again.err).toContain('hearthkeep cloud get')
  expect(JSON.parse(await getText()).contacts).toHaveLength(2)
  const taken = [
    'get',
    '--user',
    'alice',
    '--out',
    join(home, 'me.json'),
    '--force',
    '--state',
    join(home, 'other.json'),
  ]
  await cloud(taken)
  expect(await putElsewhere(bob)).toMatchObject({ code: 0, err: '' })
  expect(JSON.parse(await getText()).contacts).toHaveLength(1)
})

test('with --no-merge leaves everything as it is and ends with 6', async () => {
  await put(ann, '--sign-up')
  const other = await putElsewhere(bob, '--no-merge', '--json')
  expect(other.code).toBe(6)
  expect(JSON.parse(other.out)).toMatchObject({
    ok: false,
    exitCode: 6,
    error: { kind: 'version-conflict', version: 1 },
  })
  expect(await getText()).toBe(ann)
})

test('stores nothing over another identity without --replace', async () => {
  await put(ann, '--sign-up')
  const stranger = writeIdentityJson(backupOf([], { identity: identityOf(2) }))
  // Also on the device that stored the first one, and so has seen the current version.
  for (const refused of [await put(stranger), await putElsewhere(stranger)]) {
    expect([refused.code, refused.err]).toEqual([6, expect.stringContaining('--replace')])
  }
  expect(await getText()).toBe(ann)
  expect((await putElsewhere(stranger, '--replace')).err).toBe('Replaced version 1, saved as version 2.\n')
  expect(await getText()).toBe(stranger)
})

test('prints one JSON object for programs', async () => {
  await put(ann, '--sign-up')
  const { code, out } = await putElsewhere(bob, '--json')
  const fields = { server: server.url, user: 'alice', version: 2, contacts: 2, conflicts: [1], gained: true }
  expect([code, JSON.parse(out)]).toEqual([0, { ok: true, ...fields }])
})

test('ends with a code of its own for every way to fail', async () => {
  expect(await put(ann)).toMatchObject({ code: 4, err: expect.stringContaining('--sign-up') })
  await put(ann, '--sign-up')
  const wrongAccount = { env: { ...env, HEARTHKEEP_ACCOUNT_PASSWORD: 'another one' } }
  const wrongBackup = { env: { ...env, HEARTHKEEP_BACKUP_PASSWORD: 'another password' } }
  const get = ['get', '--user', 'alice', '--out', join(home, 'out.json')]
  expect(await cloud(get, wrongAccount)).toMatchObject({ code: 4 })
  expect(await cloud([...get.slice(0, 2), 'nobody', ...get.slice(3)], wrongAccount)).toMatchObject({ code: 4 })
  expect(await cloud(get, wrongBackup)).toMatchObject({ code: 5 })
  expect(await cloud(get, { local: 'http://127.0.0.1:1' })).toMatchObject({ code: 3 })
  expect(await cloud(get, { local: null })).toMatchObject({ code: 2, err: expect.stringContaining('--server') })
  server.store('alice', Buffer.alloc(100))
  expect(await cloud(get)).toMatchObject({ code: 5 })
  server.slot('alice').version = 0
  expect(await cloud(get)).toMatchObject({ code: 7 })
  expect(await cloud(['get'])).toMatchObject({ code: 2 })
  expect(await cloud(['get', '--nonsense'])).toMatchObject({ code: 2 })
  await expect(stat(join(home, 'out.json'))).rejects.toThrow('ENOENT')
})

test('takes the existing user for --sign-up, and says when only the password is wrong', async () => {
  await put(ann, '--sign-up')
  expect(await put(ann, '--sign-up')).toMatchObject({ code: 0 })
  const args = ['put', '--user', 'alice', '--identity', join(home, 'me.json'), '--sign-up']
  const wrong = await cloud(args, { env: { ...env, HEARTHKEEP_ACCOUNT_PASSWORD: 'not hers at all' } })
  expect(wrong).toMatchObject({ code: 4, err: expect.stringContaining('The user exists') })
  server.registrationClosed = true
  const closed = await cloud(['put', '--user', 'carol', ...args.slice(3)])
  expect(closed).toMatchObject({ code: 4, err: expect.stringContaining('Registration is closed') })
})

test('reads passwords from files, from standard input and from hidden prompts', async () => {
  const [accountFile, backupFile] = [await file('account', `${account}\n`), await file('backup', `${backup}\r\n`)]
  const args = ['put', '--user', 'alice', '--identity', await file('me.json', ann), '--sign-up']
  const fromFiles = ['--account-password-file', accountFile, '--backup-password-file', backupFile]
  expect(await cloud([...args, ...fromFiles], { env: {} })).toMatchObject({ code: 0 })
  const fromInput = ['--account-password-file', '-', '--backup-password-file', '-']
  expect(await cloud([...args, ...fromInput], { env: {}, input: `${account}\n${backup}\n` })).toMatchObject({ code: 0 })
  const keys = [`${account}\r`, `${backup}\r`, `${backup}\r`]
  const typed = await cloud(args, { env: {}, keys })
  expect(typed.code).toBe(0)
  expect(typed.err).not.toContain('password\r')
  expect(typed.err).not.toContain(backup)
  expect(await cloud(args, { env: {}, keys: [`${account}\r`, `${backup}\r`, 'mistyped it\r'] })).toMatchObject({
    code: 2,
  })
  expect(await cloud(args, { env: {}, keys: ['\u0003'] })).toMatchObject({ code: 130 })
  expect(await cloud(args, { env: {} })).toMatchObject({
    code: 2,
    err: expect.stringContaining('--account-password-file'),
  })
})

test('refuses a short backup password, or the account’s as the backup’s, before it talks to anybody', async () => {
  const args = ['put', '--user', 'alice', '--identity', await file('me.json', ann), '--sign-up']
  const short = { env: { ...env, HEARTHKEEP_BACKUP_PASSWORD: 'twelve chars' } }
  expect(await cloud(args, short)).toMatchObject({ code: 2, err: expect.stringContaining('longer than 12') })
  const same = { env: { ...env, HEARTHKEEP_BACKUP_PASSWORD: account } }
  expect(await cloud(args, same)).toMatchObject({ code: 2, err: expect.stringContaining('must not be the account') })
  expect(server.requests).toEqual([])
})

test('names what is wrong with an identity file without touching the network', async () => {
  expect(await put('{')).toMatchObject({ code: 2, err: expect.stringContaining('not valid JSON') })
  expect(await put(ann.replace('"contacts"', '"friends"'))).toMatchObject({
    code: 2,
    err: expect.stringContaining('friends'),
  })
  expect(await cloud(['put', '--user', 'a', '--identity', join(home, 'none')])).toMatchObject({ code: 2 })
  expect(server.requests).toEqual([])
})

test('does not overwrite a file without --force', async () => {
  await put(ann, '--sign-up')
  const out = await file('there.json', 'precious')
  const get = ['get', '--user', 'alice', '--out', out]
  expect(await cloud(get)).toMatchObject({ code: 2, err: expect.stringContaining('--force') })
  expect(await readFile(out, 'utf8')).toBe('precious')
  expect(await cloud([...get, '--force'])).toMatchObject({ code: 0 })
  expect([await readFile(out, 'utf8'), (await stat(out)).mode & 0o777]).toEqual([ann, 0o600])
})

test('warns when the account password would travel unencrypted, but not on this machine', async () => {
  const args = ['get', '--user', 'alice', '--out', join(home, 'x'), '--server']
  expect((await cloud([...args, 'http://nas.invalid:4180'])).err).toMatch(/Warning: http:\/\/nas\.invalid:4180 is not/)
  for (const url of ['https://nas.invalid', 'http://localhost:1', 'http://[::1]:1', 'http://127.0.0.1:1']) {
    expect((await cloud([...args, url])).err).not.toContain('Warning')
  }
  expect(await cloud([...args, 'nas:4180'])).toMatchObject({ code: 2 })
})

test('leaves no session behind on the server', async () => {
  await put(ann, '--sign-up')
  expect(server.requests.at(-1)).toMatchObject({ method: 'DELETE', path: '/v1/sessions' })
})

test('saves even where nothing can be remembered, and starts afresh from a broken memory', async () => {
  const state = await file('state.json', '{"format":1,"slots":{"x":7}}')
  expect(await put(ann, '--sign-up', '--state', state)).toMatchObject({ code: 0 })
  const blocked = join(await file('blocker', ''), 'state.json')
  expect(await put(ann, '--state', blocked)).toMatchObject({ code: 0, err: expect.stringContaining('Warning') })
})

test('explains its exit codes and where passwords come from', async () => {
  const { out } = await cloud(['put', '--help'])
  expect(out).toContain('6  another device saved meanwhile')
  expect(out).toContain('HEARTHKEEP_BACKUP_PASSWORD')
})
