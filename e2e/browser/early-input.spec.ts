import { expect, type Page, test } from '@playwright/test'
import { keeper, startKeptServer } from '#e2e/support/keeper.ts'
import { localhost, signInTo, typePassword } from '#e2e/support/members.ts'
import type { TestServer } from '#e2e/support/server.ts'
import { watch } from './page-quality.ts'

let server: TestServer
let base: string
test.beforeAll(async () => {
  server = await startKeptServer()
  base = localhost(server)
})
test.afterAll(() => server?.[Symbol.asyncDispose]())

/** As on a slow phone: the page is there, its script is not. @returns lets it come */
async function openWithoutScript(page: Page, path: string): Promise<() => void> {
  const { promise, resolve } = Promise.withResolvers<void>()
  await page.route('**/_next/static/**/*.js*', async (route) => {
    await promise
    await route.continue()
  })
  await page.goto(`${base}${path}`, { waitUntil: 'commit' })
  await expect(page.getByRole('heading', { level: 1 })).toBeVisible()
  return resolve
}

test('what is typed and sent before the page’s script is there counts', async ({ page }) => {
  const { complaints } = watch(page, base)
  const letScriptCome = await openWithoutScript(page, '/sign-in')
  await typePassword(page, keeper.email)
  await expect(page).toHaveURL(`${base}/sign-in`)
  letScriptCome()
  await expect(page).toHaveURL(`${base}/home`)
  expect(complaints).toEqual([])
})

test('so do Enter, and what was typed over', async ({ page }) => {
  const letScriptCome = await openWithoutScript(page, '/sign-in')
  await typePassword(page, 'mistyped@home.test', 'not the password')
  await page.getByLabel('E-mail address or user name').fill(keeper.email)
  await page.getByLabel('Password', { exact: true }).fill(keeper.password)
  await page.keyboard.press('Enter')
  letScriptCome()
  await expect(page).toHaveURL(`${base}/home`)
})

test('a choice made early shows what belongs to it', async ({ page }) => {
  await signInTo(page, base, keeper.email, '/admin/snapshots')
  const letScriptCome = await openWithoutScript(page, '/admin/snapshots')
  await page.getByRole('radio', { name: 'S3' }).check()
  await expect(page.getByLabel('Region')).toBeHidden()
  letScriptCome()
  await expect(page.getByLabel('Region')).toBeVisible()
  await expect(page.getByRole('radio', { name: 'S3' })).toBeChecked()
})

test('once the script is there, nothing is done twice or held back', async ({ page }) => {
  await signInTo(page, base, keeper.email, '/admin/snapshots')
  await page.getByRole('radio', { name: 'S3' }).check()
  await page.getByLabel('Region').fill('nowhere-1')
  await expect(page.getByLabel('Region')).toHaveValue('nowhere-1')
  await page.getByRole('radio', { name: 'folder' }).check()
  await expect(page.getByLabel('Region')).toBeHidden()
})
