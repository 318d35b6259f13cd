import { existsSync, readdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from '@playwright/test'
import { addAuthenticator } from '#e2e/support/authenticator.ts'
import { keeping, ok, temporaryFolder } from '#e2e/support/disaster-keeping.ts'
import { keeper } from '#e2e/support/keeper.ts'
import { localhost, memberPassword, newMember, signInTo } from '#e2e/support/members.ts'
import { personOf } from '#e2e/support/personas.ts'
import { s3Env } from '#e2e/support/s3-env.ts'
import { startS3Proxy } from '#e2e/support/s3-proxy.ts'
import { startS3Server } from '#e2e/support/s3-server.ts'
import { startServer } from '#e2e/support/server.ts'
import { claimServer } from '#e2e/support/setup.ts'
import { caOf, hostname, httpsOf } from '#e2e/support/tls.ts'
import { openBrowser, trustedBy } from '#e2e/support/trusting-browser.ts'
import { shoot } from './page-quality.ts'

const how = trustedBy === 'store' ? 'by the CA in its store' : 'by its key, as there is no certutil here'

test.skip(process.platform !== 'linux', '127.0.0.2 is an address on Linux only')

/*
 * The old machine burns down with everything on it. What is left: its snapshots in S3, the printed recovery key, and a
 * phone with passkeys that trusts the old server (`how`). The new machine knows nothing but what is typed into its pages.
 */
test(`a server that is gone comes back on a new machine, for a phone that trusted it ${how}`, async () => {
  test.setTimeout(180_000)
  const s3 = await startS3Server()
  const line = await startS3Proxy(s3.endpoint)
  try {
    using folder = temporaryFolder()
    const { HEARTHKEEP_BLOBS: _, ...account } = s3Env(s3)
    const named = Object.entries(account).map(([name, value]) => [name.replace('_S3_', '_SNAPSHOT_S3_'), value])
    const target = { ...Object.fromEntries(named), HEARTHKEEP_SNAPSHOT_S3_PREFIX: 'kept/here' }
    const data = folder.at('old machine')
    await using old = await startServer({
      dataFolder: data,
      env: {
        ...target,
        HEARTHKEEP_ADMIN_EMAIL: keeper.email,
        HEARTHKEEP_ADMIN_PASSWORD: keeper.password,
        HEARTHKEEP_HOSTNAME: hostname,
        HEARTHKEEP_HTTPS_PORT: '0',
        HEARTHKEEP_REGISTRATION: 'open',
      },
    })
    const email = await newMember(old)
    const diary = Buffer.alloc(3_000_000, 'dear diary ')
    expect((await personOf(old.url, email, memberPassword).put('diary', diary)).ok).toBe(true)
    await using browser = await openBrowser(old, true)
    const page = await browser.newPage()
    const authenticator = await addAuthenticator(page)
    await signInTo(page, httpsOf(old), email, '/home/security')
    await page.getByRole('button', { name: 'Add a passkey' }).click()
    await expect.poll(() => authenticator.count()).toBe(1)
    const ca = caOf(old)
    const verbs = keeping(data, { ...target, HEARTHKEEP_HOSTNAME: hostname })
    const key = await verbs.kit()
    await ok(verbs.now())
    await old.stop('SIGKILL')
    rmSync(data, { recursive: true })

    await using server = await startServer({ env: { HEARTHKEEP_HTTPS_PORT: '0' } })
    const base = localhost(server)
    await page.goto(base)
    await claimServer(page, server, 'Restore from a backup')
    await page.getByRole('radio', { name: 'S3 storage', exact: true }).check()
    await page.getByLabel('Address of the service').fill(line.endpoint)
    await page.getByLabel('Bucket', { exact: true }).fill(s3.bucket)
    await page.getByLabel('Prefix').fill('kept/here')
    await page.getByLabel('Access key').fill(s3.accessKeyId)
    await page.getByLabel('Secret key').fill(s3.secretAccessKey)
    await page.getByLabel('Recovery key').fill(`${key.slice(0, -1)}${key.endsWith('0') ? '1' : '0'}`)
    await page.getByRole('button', { name: 'Look for snapshots' }).click()
    await expect(page.getByRole('alert').filter({ hasText: 'a digit is wrong' })).toBeVisible()
    const kit = { name: 'kit.txt', mimeType: 'text/plain', buffer: Buffer.from(`Keep this safe.\n\n  ${key}\n`) }
    await page.getByLabel('Or a photo of the QR code').setInputFiles(kit)
    await expect(page.getByLabel('Recovery key')).toHaveValue(key)
    await shoot(page, 'setup/restore-1-find')
    await page.getByRole('button', { name: 'Look for snapshots' }).click()
    await expect(page.getByRole('radio', { name: /the newest/ })).toBeChecked()
    await shoot(page, 'setup/restore-2-choose')
    // The line stands still in the middle of the diary, and then the power goes.
    line.set({ stallDownloadAfter: 2_500_000 })
    await page.getByRole('button', { name: 'Restore this one' }).click()
    const partials = join(server.dataFolder, 'restoring', 'blobs', 'tmp')
    await expect.poll(() => existsSync(partials) && readdirSync(partials).length).toBe(1)
    await server.stop('SIGKILL')
    line.set({})
    await server.restart({ HEARTHKEEP_HTTP_PORT: new URL(base).port })
    await expect(page.getByRole('heading', { name: 'The server stopped half-way' })).toBeVisible({ timeout: 30_000 })
    await shoot(page, 'setup/restore-3-interrupted')
    const reloaded = await (await page.request.get(`${base}/setup/restore`)).text()
    expect(reloaded).toContain('A restore was begun here and stopped half-way')
    await page.getByRole('button', { name: 'Go on' }).click()
    await expect(page.getByRole('heading', { name: 'Your server is back' })).toBeVisible({ timeout: 60_000 })
    await expect(page.getByText(`It is called ${hostname}, as before`)).toBeVisible()
    await shoot(page, 'setup/restore-4-back')
    expect(readdirSync(server.dataFolder)).not.toContain('before-restore')
    expect(existsSync(join(server.dataFolder, 'restoring'))).toBe(false)

    // The same port for this machine; the house has the old name and the old CA again.
    expect(caOf(server)).toBe(ca)
    await page.getByRole('link', { name: 'To the sign-in' }).click()
    await expect(page).toHaveURL(`${base}/sign-in`)
    await page.goto(`${httpsOf(server)}/sign-in`)
    // A virtual authenticator may answer before anybody has asked.
    await page
      .getByRole('button', { name: 'Sign in with a passkey' })
      .click({ timeout: 5_000 })
      .catch(() => {})
    await expect(page).toHaveURL(`${httpsOf(server)}/home`)
    await page.goto(`${httpsOf(server)}/home/personas`)
    await expect(page.getByText('diary')).toBeVisible()
    const answer = await personOf(server.url, email, memberPassword).get('diary')
    expect(diary.equals(Buffer.from(await answer.arrayBuffer()))).toBe(true)
    await signInTo(await browser.newPage(), base, keeper.email, '/admin', keeper.password)
  } finally {
    await line.stop()
    await s3.stop()
  }
})
