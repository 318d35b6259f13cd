import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { hearthkeep } from '#e2e/support/cli.ts'
import { basic, freshEmail } from '#e2e/support/personas.ts'
import { startServer, type TestServer } from '#e2e/support/server.ts'

let server: TestServer
let folder: string
beforeAll(async () => {
  server = await startServer()
  folder = mkdtempSync(join(tmpdir(), 'hearthkeep-personas-'))
})
afterAll(async () => {
  await server?.[Symbol.asyncDispose]()
  rmSync(folder, { recursive: true, force: true })
})

const passwords = {
  HEARTHKEEP_ACCOUNT_PASSWORD: 'the account password',
  HEARTHKEEP_BACKUP_PASSWORD: 'the backup password, another one',
}
const files = {
  'persona.json': '{"nickname":"ada"}',
  'keyring/secrets.json': '{"private":"a very findable private key"}',
  'keyring/subkey(7).json': '{"id":"7"}',
}

test('a persona put from a folder on one device is got into a folder on another, and the server saw sealed bytes', async () => {
  const email = freshEmail()
  const common = ['--email', email, '--server', server.url, '--json']
  const run = (...args: string[]) => hearthkeep(['personas', ...args, ...common], passwords)

  const mine = join(folder, 'mine')
  mkdirSync(join(mine, 'keyring'), { recursive: true })
  for (const [name, text] of Object.entries(files)) writeFileSync(join(mine, name), text)
  const put = await run('put', 'ada', mine, '--register')
  expect([put.code, put.stderr]).toEqual([0, `Registered ${email}.\n`])

  const stored = await fetch(`${server.url}/personas/ada`, {
    headers: basic(email, passwords.HEARTHKEEP_ACCOUNT_PASSWORD),
  })
  expect(Buffer.from(await stored.arrayBuffer()).includes('findable')).toBe(false)

  expect((await run('list')).stdout).toContain('ada')
  const got = join(folder, 'got')
  expect((await run('get', 'ada', '--out', got)).code).toBe(0)
  for (const [name, text] of Object.entries(files)) expect(readFileSync(join(got, name), 'utf8')).toBe(text)

  expect((await run('rm', 'ada', '--yes')).code).toBe(0)
  expect((await run('get', 'ada', '--out', join(folder, 'again'))).code).toBe(7)
})
