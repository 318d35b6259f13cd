import { readFile } from 'node:fs/promises'
import { expect, type Page, test } from '@playwright/test'
import { addAuthenticator } from '#e2e/support/authenticator.ts'
import { localhost, makeAccount, typePassword } from '#e2e/support/members.ts'
import { startServer } from '#e2e/support/server.ts'
import { watch } from './page-quality.ts'

/*
 * What README's “The first evening” says, by somebody who never saw the program: from a server that has just been started
 * to a file that comes back in a browser that knows nothing. The virtual authenticator is the phone, which is not lost.
 */
test('the first account, a passkey, a file kept, the browser lost, the file back on another', async ({ page }) => {
  test.setTimeout(150_000)
  await using server = await startServer()
  const base = localhost(server)
  const { complaints } = watch(page, base)
  await addAuthenticator(page)

  await page.goto(base)
  await page.getByRole('link', { name: 'Make an account' }).click()
  await makeAccount(page, 'mum@home.test')
  await page.getByRole('button', { name: 'Add a passkey' }).click()
  await page.getByRole('button', { name: 'Make my recovery codes' }).click()
  await expect(page.getByRole('listitem').filter({ hasText: /^(\w{4}-){4}\w{4}$/ })).toHaveCount(10)
  await page.getByRole('button', { name: 'I have kept them' }).click()

  await expect(page).toHaveURL(`${base}/home`)
  await open(page, 'Backups')
  await page
    .locator('input[type=file]')
    .first()
    .setInputFiles({ name: 'deed.txt', mimeType: 'text/plain', buffer: Buffer.from('the deed of the house') })
  await page.getByLabel('Name of the backup').fill('Papers')
  await page.getByLabel('Passkey', { exact: false }).first().check()
  await page.getByRole('button', { name: 'Encrypt and keep' }).click()
  await expect(page.getByRole('heading', { name: 'Your files are safe.' })).toBeVisible({ timeout: 30_000 })

  // Cookies, keys and whatever else the browser stored are gone.
  const cdp = await page.context().newCDPSession(page)
  await cdp.send('Storage.clearDataForOrigin', { origin: base, storageTypes: 'all' })
  await page.context().clearCookies()
  await page.goto(`${base}/home`)
  await expect(page).toHaveURL(/\/sign-in/)
  // The virtual authenticator offers no choice and takes the latest passkey, which is the backup's.
  await page.getByRole('button', { name: 'Sign in with a passkey' }).click()
  await expect(page.getByRole('alert').filter({ hasText: 'choose the one with your own name' })).toBeVisible()
  await typePassword(page, 'mum@home.test')
  await expect(page).toHaveURL(`${base}/home`)
  await open(page, 'Backups')
  await page.getByRole('button', { name: 'Open here: Papers' }).click()
  await page.getByRole('button', { name: 'Open', exact: true }).click()
  const download = page.waitForEvent('download')
  await page.getByRole('button', { name: 'Download deed.txt' }).click()
  expect(await readFile(await (await download).path(), 'utf8')).toBe('the deed of the house')
  expect(complaints).toEqual([])
})

async function open(page: Page, section: string): Promise<void> {
  await page.getByRole('navigation', { name: 'Sections' }).getByRole('link', { name: section, exact: true }).click()
  await expect(page.getByRole('heading', { level: 1, name: section })).toBeVisible()
}
