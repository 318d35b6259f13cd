import { expect, type Page, test } from '@playwright/test'
import { keeper, startKeptServer } from '#e2e/support/keeper.ts'
import { localhost, makeAccount, signInTo, typePassword } from '#e2e/support/members.ts'
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

test('a form counts in whatever order its scripts come while it is filled in', async ({ browser }) => {
  for (let round = 0; round < 8; round++) {
    await using context = await browser.newContext()
    const page = await context.newPage()
    let scripts = 0
    await page.route('**/_next/static/**/*.js*', async (route) => {
      await new Promise((resolve) => setTimeout(resolve, (scripts++ * 137 + round * 61) % 600))
      await route.continue()
    })
    await page.goto(`${base}/join`, { waitUntil: 'commit' })
    await page.waitForTimeout(round * 80)
    await makeAccount(page, `hasty${round}@home.test`)
    await expect(page).toHaveURL(`${base}/join/passkey`)
  }
})

test('a field that React never hears of holds nothing up', async ({ page }) => {
  await page.goto(`${base}/sign-in`)
  // As an extension of the browser puts it there.
  await page.evaluate(() => document.body.append(document.createElement('textarea')))
  await page.locator('textarea').fill('a note')
  await typePassword(page, keeper.email)
  await expect(page).toHaveURL(`${base}/home`, { timeout: 10_000 })
})

test('once the script is there, nothing is done twice or held back', async ({ page }) => {
  await signInTo(page, base, keeper.email, '/admin/snapshots')
  await page.getByRole('radio', { name: 'S3' }).check()
  await page.getByLabel('Region').fill('nowhere-1')
  await expect(page.getByLabel('Region')).toHaveValue('nowhere-1')
  await page.getByRole('radio', { name: 'folder' }).check()
  await expect(page.getByLabel('Region')).toBeHidden()
})
