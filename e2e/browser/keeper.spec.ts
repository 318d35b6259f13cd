import { expect, test } from '@playwright/test'
import { keeper, startKeptServer } from '#e2e/support/keeper.ts'
import { localhost, newMember, signInTo } from '#e2e/support/members.ts'

test('a keeper finds the way to what they look after and back; for a member there is nothing there', async ({
  browser,
}) => {
  await using server = await startKeptServer()
  const base = localhost(server)
  await using keepers = await browser.newContext()
  const page = await keepers.newPage()
  await signInTo(page, base, keeper.email, '/home')
  await page.getByRole('navigation').getByRole('link', { name: 'Keeper' }).click()
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Keeping this server')
  await page.getByRole('navigation').getByRole('link', { name: 'Home' }).click()
  await expect(page).toHaveURL(`${base}/home`)

  await using members = await browser.newContext()
  const theirs = await members.newPage()
  await signInTo(theirs, base, await newMember(server), '/home')
  await expect(theirs.getByRole('navigation').getByRole('link', { name: 'Keeper' })).toHaveCount(0)
  expect((await theirs.goto(`${base}/admin`))?.status()).toBe(404)
  await expect(theirs.getByRole('heading', { level: 1 })).toHaveText('There is nothing here')
})
