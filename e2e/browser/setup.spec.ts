import { X509Certificate } from 'node:crypto'
import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { type BrowserContext, expect, type Page, test } from '@playwright/test'
import { addAuthenticator } from '#e2e/support/authenticator.ts'
import { hearthkeep } from '#e2e/support/cli.ts'
import { localhost, memberPassword, newMember } from '#e2e/support/members.ts'
import { type S3Server, startS3Server } from '#e2e/support/s3-server.ts'
import { startServer, type TestServer } from '#e2e/support/server.ts'
import { acceptTheRest, claimServer, makeKeeper, setupCodeOf } from '#e2e/support/setup.ts'
import { startSmtpServer } from '#e2e/support/smtp-server.ts'
import { caOf, httpsOf } from '#e2e/support/tls.ts'
import { shoot, watch } from './page-quality.ts'

const keeper = 'mum@home.test'

/*
 * Everything a family does on its first day, on one server: nothing is edited, nothing is typed into a terminal but
 * what shows the code.
 */
test('from the first start to the first invited person’s first backup', async ({ page, browser }) => {
  test.setTimeout(180_000)
  await using s3 = await bucket()
  await using smtp = await startSmtpServer()
  await using server = await startServer({ env: { HEARTHKEEP_HTTPS_PORT: '0' } })
  const base = localhost(server)
  const authenticator = await addAuthenticator(page)

  await page.goto(server.url)
  await expect(page).toHaveURL(`${base}/setup`)
  const { complaints } = watch(page, base)
  await shoot(page, 'setup/1-claim')
  await claimServer(page, server)
  await makeKeeper(page, keeper)
  await page.getByRole('button', { name: 'Add a passkey' }).click()
  await expect(page).toHaveURL(`${base}/setup/name`)
  expect(await authenticator.count()).toBe(1)

  await expect(page.getByLabel('Name in the network')).toHaveValue(/\.local$/)
  await page.getByLabel('Name in the network').fill('no name')
  await page.getByRole('button', { name: 'Go on' }).click()
  await expect(alert(page, 'This cannot be used')).toBeVisible()
  await page.getByLabel('Name in the network').fill('hearth.test')
  await page.getByRole('button', { name: 'Go on' }).click()

  await page.getByRole('radio', { name: 'Somewhere else' }).check()
  await page.getByRole('radio', { name: 'S3 storage', exact: true }).check()
  await useBucket(page, { ...s3, secretAccessKey: 'another one' })
  await expect(page.getByRole('row', { name: /^Store failed/ })).toBeVisible()
  await page.getByLabel('Secret key').fill(s3.secretAccessKey)
  await page.getByRole('button', { name: 'Test and use it' }).click()
  await expect(page.getByRole('row', { name: /^Delete works/ })).toBeVisible()
  await page.getByRole('link', { name: 'Go on' }).click()

  const relay = new URL(smtp.url)
  await page.getByLabel('Mail server').fill(relay.hostname)
  await page.getByLabel('Encryption').selectOption('none')
  await page.getByLabel('Port').fill('1')
  await page.getByRole('button', { name: 'Send a test mail' }).click()
  await expect(alert(page, 'It was not sent: the connection broke')).toBeVisible()
  await page.getByLabel('Port').fill(relay.port)
  await page.getByRole('button', { name: 'Send a test mail' }).click()
  await expect(page.getByText('The mail server took it')).toBeVisible()
  expect((await smtp.next(keeper)).headers.subject).toBe('A Test Mail from Hearthkeep')
  await page.getByRole('button', { name: 'Use this' }).click()

  await expect(page.getByRole('radio', { name: /Whoever I invite/ })).toBeChecked()
  await page.getByRole('button', { name: 'Finish the set-up' }).click()
  await expect(page).toHaveURL(`${base}/admin/ready`)
  await expect(page.locator('code').filter({ hasText: /^https:\/\/hearth\.test:\d+$/ })).toBeVisible()
  await expect(page.getByText(new X509Certificate(caOf(server)).fingerprint256)).toBeVisible()
  expect(httpsOf(server)).toMatch(/^https:\/\/hearth\.test:/)
  await shoot(page, 'setup/7-ready')

  await page.getByRole('link', { name: 'Invite the first person' }).click()
  await page.getByRole('button', { name: 'Invite somebody' }).click()
  await page.getByRole('dialog').getByRole('button', { name: 'Make the invitation' }).click()
  const link = await page.getByText(/^https:\/\/hearth\.test:\d+\/join\/[0-9A-Z-]+$/).innerText()
  await using theirs = await browser.newContext()
  await keepSomething(theirs, base + new URL(link).pathname)
  expect(objectsOnDisk(server)).toEqual([])
  expect(complaints.filter((complaint) => !/status of 4\d\d/.test(complaint))).toEqual([])
})

test('whoever guesses stays out, whoever has the code takes over, and afterwards there is nothing to set up', async ({
  page,
  browser,
}) => {
  test.setTimeout(120_000)
  await using server = await startServer()
  const base = localhost(server)
  await newMember(server)
  await page.goto(`${base}/`)
  await page.getByLabel('Set-up code').fill('AAAA-BBBB-CCCC')
  await page.getByRole('button', { name: 'Set up a new server' }).click()
  await expect(alert(page, 'That is not the code')).toBeVisible()
  for (const path of ['keeper', 'name', 'people', 'restore']) {
    await page.goto(`${base}/setup/${path}`)
    await expect(page).toHaveURL(`${base}/setup`)
  }

  // The address that the terminal prints fills the code in.
  await page.goto(`${base}/setup#${setupCodeOf(server)}`)
  await page.reload()
  await page.getByRole('button', { name: 'Set up a new server' }).click()
  await page.getByRole('button', { name: 'I have an account here already' }).click()
  await page.getByRole('button', { name: 'Make a new account instead' }).click()
  await makeKeeper(page, keeper)
  await page.getByRole('link', { name: 'Go on' }).click()
  await page.getByLabel('Name in the network').fill('kept.local')
  await page.getByRole('button', { name: 'Go on' }).click()
  await expect(page).toHaveURL(`${base}/setup/storage`)

  // Nothing is lost by a reload, by going back, nor by a crash of the server.
  await page.getByRole('link', { name: 'Name', exact: false }).first().click()
  await expect(page.getByLabel('Name in the network')).toHaveValue('kept.local')
  await server.stop('SIGKILL')
  await server.restart({ HEARTHKEEP_HTTP_PORT: new URL(base).port })
  await page.goto(`${base}/setup`)
  await page.getByRole('button', { name: 'Go on with the set-up' }).click()
  await expect(page).toHaveURL(`${base}/setup/storage`)

  await using second = await browser.newContext()
  const other = await second.newPage()
  await other.goto(`${base}/setup`)
  await expect(alert(other, 'Another browser has begun')).toBeVisible()
  await claimServer(other, server)
  await expect(other).toHaveURL(`${base}/setup/storage`)
  await page.getByRole('button', { name: 'Go on' }).click()
  await expect(page).toHaveURL(`${base}/setup`)
  await expect(alert(page, 'Another browser has begun')).toBeVisible()
  await claimServer(page, server)

  await page.goto(`${base}/setup/name`)
  await acceptTheRest(page)
  // What stood open in the other browser is refused, and leads away.
  await other.getByRole('button', { name: 'Go on' }).click()
  await expect(other).toHaveURL(`${base}/`)
  for (const path of ['', '/keeper', '/name', '/storage', '/mail', '/people', '/restore']) {
    await other.goto(`${base}/setup${path}`)
    await expect(other).toHaveURL(`${base}/`)
  }
  expect(existsSync(join(server.dataFolder, 'setup-code'))).toBe(false)
  const { code, stderr } = await hearthkeep(['setup-code'], { HEARTHKEEP_DATA_DIR: server.dataFolder })
  expect([code, stderr]).toEqual([1, 'This server is set up; there is no code any more.\n'])
})

const alert = (page: Page, words: string) => page.getByRole('alert').filter({ hasText: words })

async function bucket(): Promise<S3Server & AsyncDisposable> {
  const server = await startS3Server()
  return Object.assign(server, { [Symbol.asyncDispose]: () => server.stop() })
}

async function useBucket(page: Page, s3: Pick<S3Server, 'endpoint' | 'bucket' | 'accessKeyId' | 'secretAccessKey'>) {
  await page.getByLabel('Address of the service').fill(s3.endpoint)
  await page.getByLabel('Bucket', { exact: true }).fill(s3.bucket)
  await page.getByLabel('Access key').fill(s3.accessKeyId)
  await page.getByLabel('Secret key').fill(s3.secretAccessKey)
  await page.getByRole('button', { name: 'Test and use it' }).click()
}

/** Somebody who was sent a link joins, and keeps a file. */
async function keepSomething(context: BrowserContext, link: string): Promise<void> {
  const page = await context.newPage()
  await addAuthenticator(page)
  await page.goto(link)
  await page.getByLabel('E-mail address or user name').fill('ada')
  await page.getByLabel('New password').fill(memberPassword)
  await page.getByLabel('The same again').fill(memberPassword)
  await page.getByRole('button', { name: 'Make my account' }).click()
  await expect(page).toHaveURL(/\/join\/passkey$/)
  await page.goto(`${new URL(link).origin}/home/backups`)
  await page
    .locator('input[type=file]')
    .first()
    .setInputFiles({ name: 'deed.txt', mimeType: 'text/plain', buffer: Buffer.from('the deed of the house') })
  await page.getByLabel('Name of the backup').fill('Papers')
  await page.getByLabel('Passkey', { exact: false }).first().check()
  await page.getByRole('button', { name: 'Encrypt and keep' }).click()
  await expect(page.getByRole('heading', { name: 'Your files are safe.' })).toBeVisible({ timeout: 30_000 })
}

function objectsOnDisk({ dataFolder }: TestServer): string[] {
  const folder = join(dataFolder, 'blobs')
  if (!existsSync(folder)) return []
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map(({ name }) => name)
}
