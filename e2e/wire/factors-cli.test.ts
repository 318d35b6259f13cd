import { randomBytes, randomUUID } from 'node:crypto'
import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type CliRun, hearthkeep } from '#e2e/support/cli.ts'
import { startServer, type TestServer } from '#e2e/support/server.ts'

let server: TestServer
let folder: string
beforeAll(async () => {
  server = await startServer()
  folder = mkdtempSync(join(tmpdir(), 'hearthkeep-factors-cli-'))
})
afterAll(async () => {
  await server?.[Symbol.asyncDispose]()
  rmSync(folder, { recursive: true, force: true })
})

/** A machine of its own: only its folder knows what it did before. */
function machine(address = server.url) {
  const home = join(folder, randomUUID())
  mkdirSync(home)
  const file = (name: string) => join(home, name)
  const run = (...args: string[]) =>
    hearthkeep(['factors', ...args, '--server', address, '--state', file('state.json'), '--json'])
  return {
    file,
    run,
    write(name: string, content: string | Uint8Array) {
      mkdirSync(join(file(name), '..'), { recursive: true })
      writeFileSync(file(name), content)
    },
    read: (name: string) => readFileSync(file(name)),
    create: (path: string) => run('create', file(path), '--recovery-key', file('recovery.json')),
    sync: (path: string, ...more: string[]) => run('sync', file(path), ...more),
    /** With another machine's recovery key, carried over on a stick. */
    retrieve: (key: string, out: string, ...more: string[]) =>
      run('retrieve', '--recovery-key', key, '--out', file(out), ...more),
  }
}

type Machine = ReturnType<typeof machine>

async function created(content = 'first'): Promise<Machine> {
  const one = machine()
  one.write('data/notes.txt', content)
  const result = await one.create('data')
  if (result.code !== 0) throw new Error(result.stdout + result.stderr)
  return one
}

/** Fields of the one JSON object it printed, and its exit code. */
function said({
  code,
  stdout,
  stderr,
}: CliRun): Record<string, unknown> & { error?: { kind: string; message: string } } {
  return { code, stderr, ...JSON.parse(stdout) }
}

describe('the main job', () => {
  test('create on one machine, retrieve on another with the recovery key alone: the same bytes', async () => {
    const [old, fresh] = [machine(), machine()]
    old.write('data/notes.txt', 'first')
    old.write('data/photos/ünïcode 🦊.jpg', randomBytes(300_000))
    old.write('data/empty', '')
    expect(said(await old.create('data'))).toMatchObject({ code: 0, stderr: '', ok: true, files: 3 })

    const got = said(await fresh.retrieve(old.file('recovery.json'), 'out'))
    expect(got).toMatchObject({ code: 0, stderr: '', files: 3, syncs: true })
    const names = ['notes.txt', 'photos/ünïcode 🦊.jpg', 'empty']
    for (const name of names) expect(fresh.read(join('out', name))).toEqual(old.read(join('data', name)))
  })

  test('the second machine syncs, and the first gets its version', async () => {
    const old = await created()
    const fresh = machine()
    await fresh.retrieve(old.file('recovery.json'), 'out')
    fresh.write('out/notes.txt', 'second')
    expect(said(await fresh.sync('out'))).toMatchObject({ code: 0, files: 1, replaced: false })

    const refused = said(await old.sync('data'))
    expect(refused).toMatchObject({ code: 6, error: { kind: 'moved-on' } })
    expect(said(await old.retrieve(old.file('recovery.json'), 'again'))).toMatchObject({ code: 0 })
    expect(old.read('again/notes.txt').toString()).toBe('second')
    old.write('again/notes.txt', 'third')
    expect(said(await old.sync('again')).code).toBe(0)
    const { syncFactors } = said(await old.run('status')) as unknown as { syncFactors: unknown[] }
    expect(syncFactors).toHaveLength(2)
  })

  test('a version that lost the race can replace the other, on request', async () => {
    const old = await created()
    const fresh = machine()
    await fresh.retrieve(old.file('recovery.json'), 'out')
    await fresh.sync('out')
    const forced = said(await old.sync('data', '--replace'))
    expect(forced).toMatchObject({ code: 0, replaced: true, stderr: expect.stringContaining('history') })
    expect(said(await fresh.run('status'))).toMatchObject({ code: 0, upToDate: false })
  })

  test('status lists factors and devices, and with the recovery key the versions', async () => {
    const one = await created()
    await one.sync('data')
    const status = said(await one.run('status', '--recovery-key', one.file('recovery.json')))
    expect(status).toMatchObject({
      code: 0,
      upToDate: true,
      factors: [{ kind: 'EC_KEYPAIR' }],
      syncFactors: [{ kind: 'EC_KEYPAIR', thisMachine: true }],
      version: 2,
      earlierVersions: [{ version: 1, size: 1024 }],
    })
    const args = ['factors', 'status', '--server', server.url, '--state', one.file('state.json')]
    const forPeople = await hearthkeep([...args, '--recovery-key', one.file('recovery.json')])
    expect(forPeople.stdout).toMatch(/Last synced here: .*\nOpens with:\n {2}key pair.*\nSynced by:\n.*this machine/)
    expect(forPeople.stdout).toMatch(/Versions:\n {2}2: current\n {2}1: .* until .*, 1024 bytes\n/)
  })

  test('an address that ends in /v1 is the same server', async () => {
    const one = await created()
    const args = ['factors', 'sync', one.file('data'), '--state', one.file('state.json'), '--json']
    expect((await hearthkeep([...args, '--server', `${server.url}/v1`])).code).toBe(0)
  })

  test('15 MiB go, 15 MiB and a page do not, and the refusal leaves the version before', async () => {
    const one = await created()
    one.write('big', randomBytes(15 * 1024 * 1024 - 5_000))
    expect(said(await one.sync('big'))).toMatchObject({ code: 0 })
    one.write('big', randomBytes(15 * 1024 * 1024))
    expect(said(await one.sync('big'))).toMatchObject({ code: 2, error: { kind: 'too-large' } })
    const fresh = machine()
    expect(said(await fresh.retrieve(one.file('recovery.json'), 'out'))).toMatchObject({ code: 0 })
    expect(fresh.read('out/big').byteLength).toBe(15 * 1024 * 1024 - 5_000)
  })
})

describe('keys', () => {
  test('lie in files for their owner alone, and in nothing that is printed', async () => {
    const one = machine()
    one.write('data/notes.txt', 'first')
    const runs = [await one.create('data'), await one.sync('data'), await one.run('status')]
    for (const name of ['recovery.json', 'state.json']) expect(statSync(one.file(name)).mode & 0o777).toBe(0o600)
    const recovery = JSON.parse(one.read('recovery.json').toString())
    const [state] = JSON.parse(one.read('state.json').toString()).backups
    const secrets = [recovery.privateKey, recovery.accountKey, state.signingKey, state.backupKey]
    for (const { stdout, stderr } of runs) {
      for (const secret of secrets) expect((stdout + stderr).includes(secret)).toBe(false)
    }
    expect(secrets.some((secret) => server.log().includes(secret))).toBe(false)
  })

  test('what the server stores shows nothing of names, contents or keys', async () => {
    const one = await created('a very findable content')
    const recovery = JSON.parse(one.read('recovery.json').toString())
    const [state] = JSON.parse(one.read('state.json').toString()).backups
    const keys = [recovery.accountKey, state.backupKey].flatMap((key, index) => [
      Buffer.from(key),
      Buffer.from(key, index === 0 ? 'hex' : 'base64'),
    ])
    const stored = readdirSync(server.dataFolder, { recursive: true, withFileTypes: true })
    for (const entry of stored.filter((found) => found.isFile())) {
      const bytes = readFileSync(join(entry.parentPath, entry.name))
      for (const secret of [Buffer.from('findable'), Buffer.from('notes.txt'), ...keys]) {
        expect(bytes.includes(secret), entry.name).toBe(false)
      }
    }
  })

  test('an existing recovery key is never written over, and a refused backup leaves none behind', async () => {
    const one = await created()
    const before = one.read('recovery.json')
    expect(said(await one.create('data'))).toMatchObject({ code: 2, error: { kind: 'file-exists' } })
    expect(one.read('recovery.json')).toEqual(before)

    const other = machine()
    other.write('big', randomBytes(15 * 1024 * 1024 + 1))
    expect(said(await other.create('big'))).toMatchObject({ code: 2, error: { kind: 'too-large' } })
    expect(readdirSync(other.file('.'))).toEqual(['big'])
  })

  test('after an answer that never came, the recovery key is kept', async () => {
    const away = machine('http://127.0.0.1:9')
    away.write('data', 'x')
    expect(said(await away.create('data'))).toMatchObject({ code: 3 })
    expect(readdirSync(away.file('.')).sort()).toEqual(['data', 'recovery.json'])
  })
})

describe('what can go wrong has words and a code of its own', () => {
  test('the recovery key of no backup, a file that is none, a machine that syncs nothing', async () => {
    const one = await created()
    const elsewhere = machine()
    await using other = await startServer()
    const lost = await machine(other.url).retrieve(one.file('recovery.json'), 'out')
    expect(said(lost)).toMatchObject({ code: 4, error: { kind: 'factor-unknown' } })
    elsewhere.write('data', 'x')
    expect(said(await elsewhere.sync('data'))).toMatchObject({ code: 2, error: { kind: 'no-device' } })
    elsewhere.write('broken.json', '{"format":"hearthkeep-recovery-key"}')
    const broken = said(await elsewhere.retrieve(elsewhere.file('broken.json'), 'out'))
    expect(broken).toMatchObject({ code: 2, error: { kind: 'malformed-recovery-key' } })
  })

  test('a damaged state file is left as it is', async () => {
    const one = await created()
    writeFileSync(one.file('state.json'), '{"half')
    const refused = said(await one.sync('data'))
    expect(refused).toMatchObject({ code: 2, error: { message: expect.stringContaining('left as it is') } })
    expect(one.read('state.json').toString()).toBe('{"half')
  })

  test('files that are there are not replaced unless asked, and --no-join adds no device', async () => {
    const one = await created()
    const fresh = machine()
    fresh.write('out/mine.txt', 'mine')
    const key = one.file('recovery.json')
    expect(said(await fresh.retrieve(key, 'out'))).toMatchObject({ code: 2, error: { kind: 'file-exists' } })
    expect(said(await fresh.retrieve(key, 'out', '--force', '--no-join'))).toMatchObject({ code: 0, syncs: false })
    expect(readdirSync(fresh.file('out')).sort()).toEqual(['mine.txt', 'notes.txt'])
    expect(said(await one.run('status')).syncFactors).toHaveLength(1)
  })

  test('nothing is made of a path that is not there, or of a folder with a link in it', async () => {
    const one = machine()
    expect(said(await one.create('absent'))).toMatchObject({ code: 2 })
    expect(readdirSync(one.file('.'))).toEqual([])
    one.write('data/notes.txt', 'x')
    symlinkSync('notes.txt', one.file('data/link'))
    expect(said(await one.create('data'))).toMatchObject({
      code: 2,
      error: { message: expect.stringContaining('link') },
    })
    expect(readdirSync(one.file('.'))).toEqual(['data'])
  })

  test('closed registration is said plainly', async () => {
    await using closed = await startServer({ env: { HEARTHKEEP_REGISTRATION: 'closed' } })
    const one = machine(closed.url)
    one.write('data', 'x')
    expect(said(await one.create('data'))).toMatchObject({ code: 4, error: { kind: 'registration-closed' } })
  })

  test('help names the verbs and the exit codes', async () => {
    const help = await hearthkeep(['factors', '--help'])
    for (const verb of ['create', 'sync', 'retrieve', 'status']) expect(help.stdout).toContain(verb)
    expect((await hearthkeep(['factors', 'retrieve', '--help'])).stdout).toMatch(/--recovery-key.*[\s\S]*Exit codes:/)
  })
})
