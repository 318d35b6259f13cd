import { randomBytes, randomUUID } from 'node:crypto'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { hearthkeep } from '#e2e/support/cli.ts'
import { freshName } from '#e2e/support/cloud.ts'
import { startServer, type TestServer } from '#e2e/support/server.ts'

let server: TestServer
let folder: string
beforeAll(async () => {
  server = await startServer()
  folder = mkdtempSync(join(tmpdir(), 'hearthkeep-cli-'))
})
afterAll(async () => {
  await server?.[Symbol.asyncDispose]()
  rmSync(folder, { recursive: true, force: true })
})

const passwords = {
  HEARTHKEEP_ACCOUNT_PASSWORD: 'the account password',
  HEARTHKEEP_BACKUP_PASSWORD: 'the backup password, another one',
}

/** A machine of its own: only its folder knows what it did before. */
function machine(user: string) {
  const home = join(folder, randomUUID())
  mkdirSync(home)
  const file = (name: string) => join(home, name)
  const common = ['--user', user, '--server', server.url, '--state', file('state.json'), '--json']
  return {
    file,
    put: (name: string, ...more: string[]) =>
      hearthkeep(['cloud', 'put', '--identity', file(name), ...common, ...more], passwords),
    get: (name: string, env = passwords) => hearthkeep(['cloud', 'get', '--out', file(name), ...common], env),
  }
}

type Contact = { userId: string; username: string }

function identity(contacts: Contact[], keys = identityKeys()) {
  return {
    formatVersion: 1,
    createdAt: '2026-11-21T07:42:00.000Z',
    identity: keys,
    contacts,
    profile: { attachmentId: randomUUID(), decryptionKey: randomBytes(32).toString('base64') },
  }
}

function identityKeys() {
  return {
    publicKey: Buffer.concat([Buffer.of(5), randomBytes(32)]).toString('base64'),
    privateKey: randomBytes(32).toString('base64'),
  }
}

const canonical = (value: unknown) => `${JSON.stringify(value, null, 2)}\n`
const contact = (username: string): Contact => ({ userId: randomUUID(), username })

describe('the main job', () => {
  test('put on one machine, get on another with the user name and two passwords: the same bytes', async () => {
    const user = freshName()
    const [old, fresh] = [machine(user), machine(user)]
    writeFileSync(old.file('me.json'), canonical(identity([contact('bob'), contact('çelik')])))
    const put = await old.put('me.json', '--sign-up')
    expect([put.code, put.stderr]).toEqual([0, ''])
    expect(JSON.parse(put.stdout)).toMatchObject({ user, version: 1, contacts: 2 })

    expect(await fresh.get('me.json')).toMatchObject({ code: 0 })
    expect(readFileSync(fresh.file('me.json'))).toEqual(readFileSync(old.file('me.json')))
  })

  test('a second device that lost the race is told so, merges and retries', async () => {
    const user = freshName()
    const [one, two] = [machine(user), machine(user)]
    const keys = identityKeys()
    const [bob, eve, zoe] = [contact('bob'), contact('eve'), contact('zoe')]
    writeFileSync(one.file('me.json'), canonical(identity([bob], keys)))
    await one.put('me.json', '--sign-up')
    await two.get('me.json')
    writeFileSync(one.file('me.json'), canonical(identity([bob, eve], keys)))
    writeFileSync(two.file('me.json'), canonical(identity([bob, zoe], keys)))
    expect((await one.put('me.json')).code).toBe(0)

    const refused = await two.put('me.json', '--no-merge')
    expect(refused.code).toBe(6)
    const merged = await two.put('me.json')
    expect(merged.code).toBe(0)
    expect(merged.stderr).toMatch(/Another device saved version 2 meanwhile; fetched, merged, saved as version 3/)

    await one.get('merged.json')
    const stored = JSON.parse(readFileSync(one.file('merged.json'), 'utf8')) as { contacts: Contact[] }
    expect(stored.contacts.map(({ username }) => username).sort()).toEqual(['bob', 'eve', 'zoe'])
  })

  test('wrong passwords have exit codes of their own, and another identity is never overwritten', async () => {
    const user = freshName()
    const [one, two] = [machine(user), machine(user)]
    writeFileSync(one.file('me.json'), canonical(identity([])))
    await one.put('me.json', '--sign-up')
    const wrong = 'this is not the password'
    expect((await two.get('x.json', { ...passwords, HEARTHKEEP_ACCOUNT_PASSWORD: wrong })).code).toBe(4)
    expect((await two.get('x.json', { ...passwords, HEARTHKEEP_BACKUP_PASSWORD: wrong })).code).toBe(5)
    writeFileSync(two.file('me.json'), canonical(identity([])))
    expect((await two.put('me.json')).code).toBe(6)
    expect((await two.put('me.json', '--replace')).code).toBe(0)
  })

  test('what the server stores holds nothing of what was put in', async () => {
    const user = freshName()
    const one = machine(user)
    const keys = identityKeys()
    writeFileSync(one.file('me.json'), canonical(identity([contact('a_very_findable_name')], keys)))
    await one.put('me.json', '--sign-up')
    const { readdirSync } = await import('node:fs')
    const blobs = join(server.dataFolder, 'blobs')
    const files = readdirSync(blobs, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile())
    expect(files.length).toBeGreaterThan(0)
    for (const entry of files) {
      const bytes = readFileSync(join(entry.parentPath, entry.name))
      for (const secret of [
        Buffer.from('findable'),
        Buffer.from(keys.privateKey, 'base64'),
        Buffer.from(keys.publicKey, 'base64'),
      ])
        expect(bytes.includes(secret)).toBe(false)
    }
  })
})

describe('hearthkeep', () => {
  test('version and --help', async () => {
    expect((await hearthkeep(['version'])).stdout).toMatch(/^\d+\.\d+\.\d+\n$/)
    expect(JSON.parse((await hearthkeep(['version', '--json'])).stdout)).toHaveProperty('version')
    const help = await hearthkeep(['--help'])
    for (const verb of ['start', 'cloud', 'config', 'admin', 'version']) expect(help.stdout).toContain(verb)
  })

  test('config check names every fault and hides every secret', async () => {
    const env = { HEARTHKEEP_HTTP_PORT: '99999', HEARTHKEEP_BLOBS: 's3', HEARTHKEEP_REGISTRATION: 'maybe' }
    const bad = await hearthkeep(['config', 'check', '--json'], env)
    expect(bad.code).toBe(2)
    expect(JSON.parse(bad.stdout).faults.join()).toMatch(/HEARTHKEEP_HTTP_PORT.*HEARTHKEEP_REGISTRATION/)
    const s3 = {
      HEARTHKEEP_BLOBS: 's3',
      HEARTHKEEP_S3_BUCKET: 'family',
      HEARTHKEEP_S3_ACCESS_KEY_ID: 'key',
      HEARTHKEEP_S3_SECRET_ACCESS_KEY: 'hunter2hunter2',
      HEARTHKEEP_ADMIN_EMAIL: 'mum@example.org',
      HEARTHKEEP_ADMIN_PASSWORD: 'hunter2hunter2',
      HEARTHKEEP_SMTP_URL: 'smtp://mailer:hunter2hunter2@mail.example.org',
    }
    for (const more of [[], ['--json']]) {
      const good = await hearthkeep(['config', 'check', ...more], { ...s3, HEARTHKEEP_TYPO: '1' })
      expect([good.code, good.stdout.includes('hunter2')]).toEqual([0, false])
      expect(good.stdout).toContain('HEARTHKEEP_TYPO')
    }
  })

  test('start refuses a wrong configuration in words', async () => {
    const refused = await hearthkeep(['start'], {
      HEARTHKEEP_SLOT_MAX_BYTES: '999999999999',
      HEARTHKEEP_DATA_DIR: folder,
    })
    expect(refused.code).toBe(78)
    expect(refused.stderr).toContain('HEARTHKEEP_SLOT_MAX_BYTES')
    expect(refused.stderr).not.toContain('at ')
  })
})
