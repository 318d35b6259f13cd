import { join } from 'node:path'
import { expect, test } from '@playwright/test'
import { build } from 'esbuild'
import { freshName } from '#e2e/support/cloud.ts'
import { startServer, type TestServer } from '#e2e/support/server.ts'

let server: TestServer
let bundle: string
test.beforeAll(async () => {
  server = await startServer()
  const built = await build({
    stdin: { contents: inPage, resolveDir: join(import.meta.dirname, '..', '..'), loader: 'ts' },
    bundle: true,
    write: false,
    format: 'iife',
    platform: 'browser',
  })
  bundle = built.outputFiles[0]?.text ?? ''
})
test.afterAll(() => server?.[Symbol.asyncDispose]())

/** What an app in a page would do: one device saves, another that knows name and passwords alone gets it back. */
const inPage = `
import { CloudBackupClient } from '#client/surfaces/cloud-backup/cloud-backup-client.ts'
import { loadBackup, saveBackup } from '#client/surfaces/cloud-backup/save-backup.ts'
import { readIdentityJson, writeIdentityJson } from '#client/surfaces/cloud-backup/identity-json.ts'

window.journey = async (user, text) => {
  const one = new CloudBackupClient({ server: location.origin })
  await one.signUp(user, 'the account password')
  const saved = await saveBackup(one, readIdentityJson(text), 'the backup password, another', { onConflict: 'merge' })
  const two = new CloudBackupClient({ server: location.origin })
  await two.signIn(user, 'the account password')
  const loaded = await loadBackup(two, 'the backup password, another')
  return { version: saved.version, text: writeIdentityJson(loaded.backup) }
}
`

test('the client SDK seals, stores, fetches and opens in a browser', async ({ page }) => {
  await page.route(`${server.url}/an-app`, (route) =>
    route.fulfill({ contentType: 'text/html', body: `<!doctype html><script>${bundle}</script>` }),
  )
  await page.goto(`${server.url}/an-app`)
  const key = Buffer.alloc(33, 5).toString('base64')
  const identity = {
    formatVersion: 1,
    createdAt: '2026-11-21T07:42:00.000Z',
    identity: { publicKey: key, privateKey: Buffer.alloc(32, 7).toString('base64') },
    contacts: [{ userId: '0198c0de-0000-7000-8000-000000000001', username: 'çelik 🦊' }],
  }
  const text = `${JSON.stringify(identity, null, 2)}\n`
  const result = await page.evaluate(
    ([user, json]) =>
      (window as unknown as { journey(u: string, t: string): Promise<unknown> }).journey(
        user as string,
        json as string,
      ),
    [freshName(), text],
  )
  expect(result).toEqual({ version: 1, text })
})
