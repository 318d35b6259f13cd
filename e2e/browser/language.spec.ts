import { expect, test } from '@playwright/test'
import { newMember, signInTo } from '#e2e/support/members.ts'
import { startServer, type TestServer } from '#e2e/support/server.ts'
import { watch } from './page-quality.ts'

let server: TestServer
test.beforeAll(async () => {
  server = await startServer()
})
test.afterAll(() => server?.[Symbol.asyncDispose]())

test('pages speak the language of the browser, and then the one that was chosen', async ({ browser }) => {
  const email = await newMember(server)
  await using context = await browser.newContext({ locale: 'de-AT' })
  const page = await context.newPage()
  const { complaints } = watch(page, server.url)
  await page.goto(`${server.url}/sign-in?next=/home/security`)
  await expect(page.locator('html')).toHaveAttribute('lang', 'de')
  await expect(page).toHaveTitle('Anmelden · Hearthkeep')
  await page.getByLabel('E-Mail-Adresse oder Benutzername').fill(email)
  await page.getByLabel('Passwort', { exact: true }).fill('falsch')
  await page.getByRole('button', { name: 'Mit Passwort anmelden' }).click()
  await expect(page.getByRole('alert').filter({ hasText: 'gehören nicht zusammen' })).toBeVisible()

  await page.getByRole('button', { name: 'English' }).click()
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Sign in')
  await expect(page.locator('html')).toHaveAttribute('lang', 'en')
  await expect(page.getByLabel('E-mail address or user name')).toHaveValue(email)
  await signInTo(page, server.url, email)
  await expect(page).toHaveTitle('Security · Hearthkeep')

  await page.getByRole('button', { name: 'Deutsch' }).click()
  await expect(page.getByRole('heading', { level: 1, name: 'Sicherheit' })).toBeVisible()
  await expect(page.getByText('Du hast noch keinen Passkey.')).toBeVisible()
  await page.getByRole('link', { name: 'Übersicht' }).click()
  await expect(page.getByText('von 1 GB belegt')).toBeVisible()
  await page.goto(`${server.url}/nirgends`)
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Hier ist nichts')
  expect(complaints.filter((complaint) => !complaint.includes('404'))).toEqual([])
})
