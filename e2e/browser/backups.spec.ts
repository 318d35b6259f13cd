import { readFile } from 'node:fs/promises'
import { type Browser, expect, type Page, test } from '@playwright/test'
import { addAuthenticator } from '#e2e/support/authenticator.ts'
import { oidcEnv } from '#e2e/support/factors-oidc.ts'
import { localhost, newMember, signInTo } from '#e2e/support/members.ts'
import { startOidcIssuer } from '#e2e/support/oidc-issuer.ts'
import { startServer, type TestServer } from '#e2e/support/server.ts'
import { expectGoodLooks, expectGoodPage, watch } from './page-quality.ts'

/*
 * Sealed backups as a person keeps them. What a virtual authenticator derives (PRF) cannot be copied to another browser;
 * a lost profile is shown by clearing all that the browser stored while the authenticator, as a phone would, stays.
 */

let server: TestServer
let base: string
test.beforeAll(async () => {
  // As somebody at home has it: set up, and closed to strangers.
  server = await startServer({
    env: { HEARTHKEEP_ADMIN_EMAIL: 'keeper@home.test', HEARTHKEEP_ADMIN_PASSWORD: 'a password of the keeper' },
  })
  base = localhost(server)
})
test.afterAll(() => server?.[Symbol.asyncDispose]())

const keeper = 'keeper@home.test'
const phrase = 'correct horse battery staple'

const card = (page: Page, heading: string) => page.getByRole('region', { name: heading, exact: true })
/** The news at the edge of the page. */
const said = (page: Page) => page.getByRole('status').filter({ hasText: /\S/ }).last()
const file = (name: string, text: string) => ({ name, mimeType: 'text/plain', buffer: Buffer.from(text) })

async function enter(page: Page): Promise<void> {
  await page.goto(`${base}/home/backups`)
  await page.getByLabel('E-mail address or user name').fill(keeper)
  await page.getByLabel('Password', { exact: true }).fill('a password of the keeper')
  await page.getByRole('button', { name: 'Sign in with password' }).click()
  await expect(page).toHaveURL(`${base}/home/backups`)
  await expect(page.getByRole('heading', { level: 1, name: 'Backups' })).toBeVisible()
}

async function anotherBrowser(browser: Browser): Promise<Page> {
  const page = await (await browser.newContext()).newPage()
  await enter(page)
  return page
}

/** Fill the form for a new backup. */
async function fill(page: Page, name: string, files: ReturnType<typeof file>[], way: string): Promise<void> {
  const form = card(page, 'Keep files')
  await form.locator('input[type=file]').setInputFiles(files)
  await expect(form.getByText(/^\d+ files?, /)).toBeVisible()
  await form.getByLabel('Name of the backup').fill(name)
  await form.getByLabel(way).check()
}

async function expectSafe(page: Page): Promise<void> {
  await expect(page.getByRole('heading', { name: 'Your files are safe.' })).toBeVisible({ timeout: 30_000 })
  for (const step of ['Encrypted here', 'Sent', 'Fetched back', 'Opened'])
    await expect(page.getByRole('list', { name: 'Progress' }).getByText(`${step} done`)).toBeVisible()
}

async function keepByPasskey(page: Page, name: string, text: string): Promise<void> {
  await fill(page, name, [file('notes.txt', text)], 'Passkey')
  await page.getByRole('button', { name: 'Encrypt and keep' }).click()
  await expectSafe(page)
  await page.getByRole('button', { name: 'Show the backup' }).click()
  await expect(page.getByRole('heading', { level: 1, name })).toBeFocused()
}

/** @returns the recovery key's file */
async function saveKey(page: Page): Promise<string> {
  const download = page.waitForEvent('download')
  await page.getByRole('button', { name: 'Save the file' }).click()
  return readFile(await (await download).path(), 'utf8')
}

async function chooseKey(page: Page, key: string): Promise<void> {
  await page.getByLabel('Recovery key file').filter({ visible: true }).setInputFiles(file('key.txt', key))
}

async function contentOf(page: Page, name: string): Promise<string> {
  const download = page.waitForEvent('download')
  await page.getByRole('button', { name: `Download ${name}` }).click()
  return readFile(await (await download).path(), 'utf8')
}

async function storeVersion(page: Page, text: string): Promise<void> {
  const form = card(page, 'Store a new version')
  await form.locator('input[type=file]').setInputFiles(file('notes.txt', text))
  await form.getByRole('button', { name: 'Encrypt and store' }).click()
}

/** As a new device: nothing is left of what the browser stored. */
async function loseProfile(page: Page): Promise<void> {
  const cdp = await page.context().newCDPSession(page)
  await cdp.send('Storage.clearDataForOrigin', { origin: base, storageTypes: 'all' })
  await page.context().clearCookies()
}

test('keep a file by passkey, add a recovery key, lose the browser, get the file back by either', async ({
  page,
  browser,
}) => {
  const { complaints } = watch(page, base)
  await addAuthenticator(page)
  await enter(page)
  await keepByPasskey(page, 'Papers', 'the deed of the house')
  await expect(page.getByText('There is only one way to open this backup')).toBeVisible()
  await expect(page.getByText('Fetched back and opened here')).toBeVisible()

  const ways = card(page, 'Ways to open it')
  await ways.getByRole('button', { name: 'Add another way' }).click()
  const key = await saveKey(page)
  await ways.getByRole('button', { name: 'Add the recovery key' }).click()
  await expect(said(page)).toContainText('it opens the backup from now on')
  await expect(ways.getByRole('listitem')).toHaveCount(2)
  await expect(page.getByText('There is only one way')).toHaveCount(0)
  await ways.getByRole('button', { name: 'Try Recovery key' }).click()
  await chooseKey(page, key)
  await page.getByRole('dialog').getByRole('button', { name: 'Try', exact: true }).click()
  await expect(said(page)).toContainText('Recovery key opens the backup.')

  // The profile is gone; the authenticator, like a phone, is not.
  await loseProfile(page)
  await enter(page)
  await page.getByRole('button', { name: 'Open here: Papers' }).click()
  await page.getByRole('button', { name: 'Open', exact: true }).click()
  expect(await contentOf(page, 'notes.txt')).toBe('the deed of the house')
  await expect(card(page, 'Devices that store new versions').getByText('· this browser')).toBeVisible()

  // Another device, without that passkey and without knowing of the list.
  const other = await anotherBrowser(browser)
  await other.getByText('I have a backup').click()
  await other
    .getByRole('radio', { name: /^Recovery key/ })
    .last()
    .check()
  await chooseKey(other, key)
  await other.getByRole('button', { name: 'Open', exact: true }).click()
  expect(await contentOf(other, 'notes.txt')).toBe('the deed of the house')
  await other.goto(`${base}/home`)
  await expect(card(other, 'Backups')).toContainText('Papers')
  await expect(card(other, 'Backups')).toContainText('in this browser')
  expect(complaints).toEqual([])
})

test('two browsers store versions; who comes second is told, takes the other’s over or replaces it', async ({
  page,
  browser,
}) => {
  await addAuthenticator(page)
  await enter(page)
  await fill(page, 'Shared', [file('notes.txt', 'first')], 'Passphrase')
  const form = card(page, 'Keep files')
  await form.getByLabel('New passphrase').fill(phrase)
  await form.getByLabel('The same again').fill(phrase)
  await page.getByRole('button', { name: 'Encrypt and keep' }).click()
  await expectSafe(page)
  await page.getByRole('button', { name: 'Show the backup' }).click()

  const two = await anotherBrowser(browser)
  await two.getByRole('button', { name: 'Open here: Shared' }).click()
  await two.getByLabel('Passphrase').first().check()
  await two.getByLabel('Passphrase', { exact: true }).last().fill('not the right one at all')
  await two.getByRole('button', { name: 'Open', exact: true }).click()
  await expect(two.getByRole('alert').filter({ hasText: 'opens no backup' })).toBeVisible({ timeout: 20_000 })
  await two.getByLabel('Passphrase', { exact: true }).last().fill(phrase)
  await two.getByRole('button', { name: 'Open', exact: true }).click()
  await expect(card(two, 'Files').getByText('notes.txt')).toBeVisible({ timeout: 20_000 })
  await storeVersion(two, 'from the second')
  await expect(two.getByText('Stored. It counts as safe once')).toBeVisible()

  await storeVersion(page, 'from the first')
  await expect(page.getByText('Nothing of yours was stored.')).toBeVisible()
  await page.getByRole('button', { name: 'Open the newer version' }).click()
  const files = card(page, 'Files')
  const password = files.getByLabel('Passphrase', { exact: true })
  if (await password.isVisible()) {
    await password.fill(phrase)
    await files.getByRole('button', { name: 'Open', exact: true }).click()
  }
  await expect(files.getByRole('button', { name: 'Close' })).toBeVisible({ timeout: 20_000 })
  expect(await contentOf(page, 'notes.txt')).toBe('from the second')

  // The other goes on from what it knows, and means it.
  await storeVersion(page, 'merged')
  await expect(page.getByText('Stored. It counts as safe once')).toBeVisible()
  await storeVersion(two, 'mine in any case')
  await two.getByRole('button', { name: 'Store mine all the same' }).click()
  await expect(two.getByText('The other device’s version is in the history.').last()).toBeVisible()
})

test('an authenticator that cannot derive keys leads to a recovery key, not to an error', async ({ page }) => {
  await addAuthenticator(page, { hasPrf: false })
  await enter(page)
  await keepAndExpectNoPrf(page)
  await page.getByRole('button', { name: 'Encrypt and keep' }).click()
  const kept = page.getByRole('button', { name: 'I have kept it' })
  await kept.click()
  await expect(page.getByRole('alert').filter({ hasText: 'Save or print it first.' })).toBeVisible()
  expect(JSON.parse(await saveKey(page))).toMatchObject({ format: 'hearthkeep-recovery-key' })
  await kept.click()
  await expectSafe(page)
})

async function keepAndExpectNoPrf(page: Page): Promise<void> {
  await fill(page, 'No derivation', [file('notes.txt', 'kept all the same')], 'Passkey')
  await page.getByRole('button', { name: 'Encrypt and keep' }).click()
  await expect(page.getByRole('alert').filter({ hasText: 'cannot unlock files' })).toBeVisible()
  await expect(card(page, 'Keep files').getByLabel('Recovery key')).toBeChecked()
}

test('the last way cannot be removed; a deleted backup and an old version come back', async ({ page }) => {
  await addAuthenticator(page)
  await enter(page)
  await keepByPasskey(page, 'Letters', 'first')
  await storeVersion(page, 'second')
  await expect(page.getByText('Stored. It counts as safe once')).toBeVisible()
  await expect(page.getByText('was not fetched back and opened yet')).toBeVisible()

  const ways = card(page, 'Ways to open it')
  await ways.getByRole('button', { name: /^Remove/ }).click()
  await expect(page.getByRole('dialog')).toContainText('the last way to open the backup')
  await expect(page.getByRole('dialog').getByRole('button', { name: 'Remove' })).toHaveCount(0)
  await page.getByRole('dialog').getByRole('button', { name: 'Cancel' }).click()
  await expect(ways.getByRole('button', { name: /^Remove/ })).toBeFocused()

  await page.getByRole('button', { name: 'Show earlier versions' }).click()
  await page.getByRole('button', { name: 'Restore version 1' }).click()
  await page.getByRole('button', { name: 'Restore version 1' }).click()
  await expect(said(page)).toContainText('Version 1 is the current one again.')
  await card(page, 'Files').getByRole('button', { name: 'Open', exact: true }).click()
  expect(await contentOf(page, 'notes.txt')).toBe('first')

  await page.getByRole('button', { name: 'Delete the backup' }).click()
  await page.getByRole('dialog').getByRole('button', { name: 'Delete the backup' }).click()
  await expect(said(page)).toContainText('The backup is deleted.')
  await page.getByRole('button', { name: 'Bring back Letters' }).click()
  await page.getByRole('button', { name: 'Bring back', exact: true }).click()
  await expect(said(page)).toContainText('It is back.')
  await openHere(page)
  expect(await contentOf(page, 'notes.txt')).toBe('first')
  await page.goto(`${base}/home/activity`)
  for (const words of ['A sealed backup was deleted', 'A sealed backup was restored'])
    await expect(page.getByText(words).first()).toBeVisible()
})

async function openHere(page: Page): Promise<void> {
  await expect(page.getByLabel('Keep it up to date from this browser')).toBeVisible()
  await page.getByRole('button', { name: 'Open', exact: true }).click()
}

test('a recovery key deletes what nobody opens any more', async ({ page }) => {
  await enter(page)
  await fill(page, 'Only mine', [file('a.txt', 'a'), file('b.txt', 'b')], 'Recovery key')
  await page.getByRole('button', { name: 'Encrypt and keep' }).click()
  const key = await saveKey(page)
  await page.getByRole('button', { name: 'I have kept it' }).click()
  await expectSafe(page)
  await page.getByRole('button', { name: 'Show the backup' }).click()
  await expect(page.getByRole('button', { name: 'Download all as a zip' })).toBeVisible()

  await page.getByRole('button', { name: 'All backups' }).click()
  await page.getByText('I have lost every way in').click()
  await chooseKey(page, key)
  await page.getByRole('button', { name: 'Delete that backup' }).click()
  await page.getByRole('button', { name: 'Delete it for good?' }).click()
  await expect(said(page)).toContainText('It is deleted.')
  await expect(page.getByRole('button', { name: 'Bring back Only mine' })).toBeVisible()
})

test('people who share a browser see their own backups alone', async ({ page }) => {
  await using open = await startServer()
  const home = localhost(open)
  await addAuthenticator(page)
  await signInTo(page, home, await newMember(open), '/home/backups')
  await keepByPasskey(page, 'Mum’s', 'hers')
  await page.getByRole('button', { name: 'Sign out', exact: true }).first().click()
  await expect(page).toHaveURL(/sign-in/)
  await signInTo(page, home, await newMember(open), '/home/backups')
  await expect(page.getByText('No backup yet')).toBeVisible()
  await expect(page.getByText('Mum’s')).toHaveCount(0)
})

test('an account with a passphrase keeps and opens a backup, each time by a sign-in of its own', async ({
  page,
  browser,
}) => {
  await using issuer = await startOidcIssuer({ visitor: { subject: 'mum', email: 'mum@home.test' } })
  const account = { ...oidcEnv({ google: issuer }), HEARTHKEEP_OIDC_GOOGLE_NAME: 'Our sign-in' }
  await using open = await startServer({ env: account })
  const home = localhost(open)
  const email = await newMember(open)
  await signInTo(page, home, email, '/home/backups')
  await fill(page, 'By account', [file('notes.txt', 'signed in')], 'Account at Our sign-in')
  const form = card(page, 'Keep files')
  await form.getByLabel('New passphrase').fill(phrase)
  await form.getByLabel('The same again').fill(phrase)
  await page.getByRole('button', { name: 'Encrypt and keep' }).click()
  await expectSafe(page)
  await expect.poll(() => page.context().pages().length).toBe(1)
  await page.getByRole('button', { name: 'Show the backup' }).click()
  await expect(page.getByText('Account at Our sign-in · mu***@home.test').first()).toBeVisible()

  await using context = await browser.newContext()
  const other = await context.newPage()
  await signInTo(other, home, email, '/home/backups')
  await other.getByRole('button', { name: 'Open here: By account' }).click()
  await other.getByRole('radio', { name: /^Account at Our sign-in/ }).check()
  await other.getByLabel('Passphrase', { exact: true }).fill(phrase)
  await other.getByRole('button', { name: 'Open', exact: true }).click()
  await expect(card(other, 'Files').getByText('notes.txt')).toBeVisible({ timeout: 20_000 })
  expect(await contentOf(other, 'notes.txt')).toBe('signed in')
})

test('a backup’s page and its dialogs are sound in every look', async ({ page }) => {
  await addAuthenticator(page)
  const { complaints } = watch(page, base)
  await enter(page)
  await keepByPasskey(page, 'Looks', 'nice')
  await expectGoodLooks(page, 'backups/one')
  await page.getByRole('button', { name: 'Add another way' }).click()
  await expect(page.getByRole('button', { name: 'Save the file' })).toBeVisible()
  await page.getByRole('button', { name: 'Delete the backup' }).click()
  await expectGoodPage(page)
  expect(complaints).toEqual([])
})
