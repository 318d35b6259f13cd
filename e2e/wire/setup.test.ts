import { randomBytes } from 'node:crypto'
import { mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { password, postJson, said, signUp, slot } from '#e2e/support/cloud.ts'
import { startServer } from '#e2e/support/server.ts'

const admin = { HEARTHKEEP_ADMIN_EMAIL: 'Mum@Home.test', HEARTHKEEP_ADMIN_PASSWORD: password }

/**
 * Another loopback address stands for the LAN: a server bound to 127.0.0.1 alone does not answer there, one bound to all
 * addresses does.
 */
const elsewhere = (url: string) => `http://127.0.0.2:${new URL(url).port}/health`

test('headless set-up makes the first admin once, and closes registration to the uninvited', async () => {
  await using server = await startServer({ env: admin })
  const signIn = () => postJson(server.url, '/v1/sessions', { username: 'mum@home.test', password })
  expect((await signIn()).status).toBe(200)
  expect((await said(postJson(server.url, '/v1/users', { username: 'stranger', password })))[0]).toBe(403)
  await server.stop()
  await server.restart({ HEARTHKEEP_ADMIN_PASSWORD: 'another password' })
  expect((await signIn()).status).toBe(200)
})

test.skipIf(process.platform === 'win32')('what the server writes is for its own user alone', async () => {
  const parent = mkdtempSync(join(tmpdir(), 'hearthkeep-modes-'))
  const dataFolder = join(parent, 'data')
  try {
    await using server = await startServer({ dataFolder })
    const { token } = await signUp(server.url)
    await slot(server.url, token).put(randomBytes(64))
    const made = readdirSync(parent, { recursive: true, encoding: 'utf8' }).map((name) => join(parent, name))
    expect(made.length).toBeGreaterThan(5)
    for (const path of made) expect(statSync(path).mode & 0o077, path).toBe(0)
  } finally {
    rmSync(parent, { recursive: true, force: true })
  }
})

const reason = process.platform === 'linux' ? '' : ' (skipped: 127.0.0.2 is an address on Linux only)'

test.skipIf(reason)(`before set-up it listens on this machine alone, whatever is set${reason}`, async () => {
  await using server = await startServer({ env: { HEARTHKEEP_LAN_HTTP: 'full' } })
  await expect(fetch(elsewhere(server.url))).rejects.toThrow()
})

test.skipIf(reason)(`after set-up it listens for plain HTTP beyond only when that is asked for${reason}`, async () => {
  await using server = await startServer({ env: admin })
  await expect(fetch(elsewhere(server.url))).rejects.toThrow()
  await server.stop()
  await server.restart({ HEARTHKEEP_LAN_HTTP: 'full' })
  expect((await fetch(elsewhere(server.url))).status).toBe(200)
})
