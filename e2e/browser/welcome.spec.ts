import { join } from 'node:path'
import { expect, test } from '@playwright/test'
import Sqlite from 'better-sqlite3'
import { startKeptServer } from '#e2e/support/keeper.ts'
import { newMember, typePassword } from '#e2e/support/members.ts'
import type { TestServer } from '#e2e/support/server.ts'
import { expectGoodLooks, watch } from './page-quality.ts'

let server: TestServer
test.beforeAll(async () => {
  server = await startKeptServer()
})
test.afterAll(() => server?.[Symbol.asyncDispose]())

test('what to tell apps and the API reference are good in every look', async ({ page }) => {
  const { complaints } = watch(page, server.url)
  await page.goto(server.url)
  await page.getByText('For your apps').click()
  await expectGoodLooks(page, 'welcome/apps')
  await page.getByRole('link', { name: 'API reference' }).click()
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Hearthkeep API')
  await expectGoodLooks(page, 'welcome/docs')
  expect(complaints).toEqual([])
})

test('the front page leads in, and home whoever is in already', async ({ page }) => {
  const email = await newMember(server)
  await page.goto(server.url)
  await page.getByRole('link', { name: 'Sign in' }).click()
  await typePassword(page, email)
  await expect(page).toHaveURL(`${server.url}/home`)
  await page.goto(server.url)
  await expect(page).toHaveURL(`${server.url}/home`)
})

test('an address that is not there says so and leads back', async ({ page }) => {
  const answer = await page.goto(`${server.url}/no/such/page`)
  expect(answer?.status()).toBe(404)
  await page.getByRole('link', { name: 'Back to the start' }).click()
  await expect(page).toHaveURL(`${server.url}/`)
})

test('a page that breaks says so in words, and is there again once the trouble is over', async ({ page }) => {
  const database = new Sqlite(join(server.dataFolder, 'hearthkeep.sqlite'))
  database.exec('alter table invitations rename to lost')
  await page.goto(`${server.url}/join/of-somebody`)
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('This page could not be shown')
  await expectGoodLooks(page, 'welcome/broken')
  database.exec('alter table lost rename to invitations')
  database.close()
  await page.getByRole('button', { name: 'Try again' }).click()
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('This invitation does not work')
})

test('a page of somebody else’s cannot frame ours', async ({ page }) => {
  await page.route('http://evil.example/', (route) =>
    route.fulfill({ contentType: 'text/html', body: `<iframe src="${server.url}/"></iframe>` }),
  )
  await page.goto('http://evil.example/')
  await page.waitForTimeout(500)
  const [, frame] = page.frames()
  expect(await frame?.title().catch(() => '')).not.toContain('Hearthkeep')
})
