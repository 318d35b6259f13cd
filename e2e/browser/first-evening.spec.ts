import { readFile } from 'node:fs/promises'
import { expect, type Page, test } from '@playwright/test'
import { addAuthenticator } from '#e2e/support/authenticator.ts'
import { localhost, typePassword } from '#e2e/support/members.ts'
import { startServer } from '#e2e/support/server.ts'
import { acceptTheRest, claimServer, makeKeeper } from '#e2e/support/setup.ts'
import { watch } from './page-quality.ts'

/*
 * What README's “The first evening” says, by somebody who never saw the program: from a server that has just been started
 * to a file that comes back in a browser that knows nothing. The virtual authenticator is the phone, which is not lost.
 */
test('set-up, a passkey, a file kept, the browser lost, the file back on another', async ({ page }) => {
  test.setTimeout(150_000)
  await using server = await startServer()
  const base = localhost(server)
  const { complaints } = watch(page, base)
  const phone = await addAuthenticator(page)

  await page.goto(base)
  await claimServer(page, server)
  await makeKeeper(page, 'mum@home.test')
  await page.getByRole('button', { name: 'Add a passkey' }).click()
  await acceptTheRest(page)
  await page.getByRole('link', { name: 'Keep something of my own' }).click()

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
  // The virtual authenticator offers no choice of passkeys, and answers a page before anybody has asked.
  await phone.setPresent(false)
  await page.goto(`${base}/home`)
  await expect(page).toHaveURL(/\/sign-in/)
  await typePassword(page, 'mum@home.test')
  await expect(page).toHaveURL(`${base}/home`)
  await phone.setPresent(true)
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
