import { randomBytes } from 'node:crypto'
import { join } from 'node:path'
import { expect, type Page, test } from '@playwright/test'
import Sqlite from 'better-sqlite3'
import { addDevice, postJson, slot } from '#e2e/support/cloud.ts'
import { keeper, startKeptServer } from '#e2e/support/keeper.ts'
import { localhost, memberPassword, signInTo } from '#e2e/support/members.ts'
import { expectGoodLooks, expectGoodPage, expectLight, expectStill, shoot, watch, watchShifts } from './page-quality.ts'

const day = 24 * 3_600_000
const bob = 'bob@home.test'

const dialog = (page: Page) => page.getByRole('dialog')
const card = (page: Page, name: string) =>
  page
    .getByRole('region', { name: 'Everybody' })
    .getByRole('listitem')
    .filter({ has: page.getByRole('heading', { name }) })

/** Press a button that asks first, look at its question, and say yes to it. */
async function ask(page: Page, button: string, confirm = button): Promise<void> {
  await page.getByRole('button', { name: button, exact: true }).click()
  await expect(dialog(page)).toBeVisible()
  await expectGoodPage(page)
  await dialog(page).getByRole('button', { name: confirm, exact: true }).click()
}

/** What only time does otherwise. */
function change({ dataFolder }: { dataFolder: string }, sql: string): void {
  const sqlite = new Sqlite(join(dataFolder, 'hearthkeep.sqlite'))
  sqlite.exec(sql)
  sqlite.close()
}

const signIn = (url: string) => postJson(url, '/v1/sessions', { username: bob, password: memberPassword })
const tokenOf = async (answer: Response) => ((await answer.json()) as { token: string }).token

test('a keeper invites somebody, sees their backups, reminds them, shuts them out and lets them in', async ({
  browser,
}) => {
  test.setTimeout(300_000)
  await using server = await startKeptServer({ env: { HEARTHKEEP_REGISTRATION: 'invite' } })
  const base = localhost(server)
  await using keepers = await browser.newContext({ viewport: { width: 1280, height: 800 } })
  const page = await keepers.newPage()
  await watchShifts(page)
  const { complaints } = watch(page, base)
  await signInTo(page, base, keeper.email, '/admin/people')
  await expect(page.getByText('No invitation was made yet.')).toBeVisible()

  await page.getByRole('button', { name: 'Invite somebody' }).click()
  await dialog(page).getByLabel('For how many people').fill('0')
  await dialog(page).getByRole('button', { name: 'Make the invitation' }).click()
  await expect(dialog(page).getByRole('alert')).toHaveText('A whole number of people, from 1 to 1000.')
  await expectGoodPage(page)
  await dialog(page).getByLabel('For how many people').fill('2')
  await dialog(page).getByLabel('Space in GB').fill('0,5')
  await dialog(page).getByRole('button', { name: 'Make the invitation' }).click()
  await expect(page.getByRole('heading', { name: 'Your invitation' })).toBeFocused()
  await expect(page.getByRole('img', { name: 'QR code of the link' })).toBeVisible()
  await expect(page.getByText('0 of 2 used')).toBeVisible()
  const link = await page.getByText(/^http\S+\/join\/[0-9A-Z-]{14}$/).innerText()
  await expectGoodLooks(page, 'people/invited')

  await using elsewhere = await browser.newContext()
  const theirs = await elsewhere.newPage()
  await theirs.goto(base + new URL(link).pathname)
  await expect(theirs.getByText(`${keeper.email} invites you`)).toBeVisible()
  await theirs.getByLabel('E-mail address or user name').fill(bob)
  await theirs.getByLabel('New password').fill(memberPassword)
  await theirs.getByLabel('The same again').fill(memberPassword)
  await theirs.getByRole('button', { name: 'Make my account' }).click()
  await expect(theirs.getByRole('heading', { name: 'Sign in without a password' })).toBeVisible()

  // Their first backup, as an app makes it.
  const phone = await addDevice(server.url, await tokenOf(await signIn(server.url)))
  const backups = slot(server.url, phone.token)
  await page.reload()
  await expect(card(page, bob).getByText('Just added').first()).toBeVisible()
  await expect(page.getByText(`Joined: ${bob}`)).toBeVisible()
  const bytes = randomBytes(4_000)
  expect((await backups.put(bytes, { 'If-None-Match': '*' })).status).toBe(200)
  await page.reload()
  await expect(card(page, bob).getByText('Up to date').first()).toBeVisible()
  await expect(card(page, bob)).toContainText('of 512 MB')

  // Two weeks later.
  change(server, `update cloud_slots set updated_at = updated_at - ${15 * day}`)
  await page.goto(`${base}/admin`)
  await expect(page.getByText('One device has been silent for two weeks')).toBeVisible()
  await expectGoodLooks(page, 'people/attention')
  await page.getByRole('link', { name: /^See to it: One device/ }).click()
  await expect(page.getByRole('heading', { level: 1 })).toContainText(bob)
  await page.getByRole('button', { name: `Remind ${bob}` }).click()
  await expect(page.getByText('Reminded: they see it on their first page.')).toBeVisible()
  await expect(page.getByRole('button', { name: `Remind ${bob}` })).toHaveCount(0)
  await theirs.goto(`${base}/home`)
  await expect(theirs.getByText('The keeper asks you to look at your backups')).toBeVisible()
  expect((await backups.put(randomBytes(5_000), { 'If-Match': '"1"' })).status).toBe(200)
  await theirs.reload()
  await expect(theirs.getByText('The keeper asks you to look at your backups')).toHaveCount(0)

  await page.reload()
  await ask(page, 'Change', 'Save')
  await expect(page.getByText('Saved. It counts from the next upload on.')).toBeVisible()
  await ask(page, 'Make a reset link')
  await expect(page.getByRole('heading', { name: `A new password for ${bob}` })).toBeFocused()
  const reset = await page.getByText(/^http\S+\/password\/reset\.html\?\S+$/).innerText()
  await expectStill(page)
  await expectLight(page)
  await expectGoodLooks(page, 'people/person')

  await page.getByRole('button', { name: 'Shut out', exact: true }).click()
  await expect(dialog(page).getByText('One invitation is still open')).toBeVisible()
  await expectGoodPage(page)
  await dialog(page).getByRole('button', { name: 'Shut out', exact: true }).click()
  await expect(page.getByText('Shut out since')).toBeVisible()
  await theirs.goto(`${base}/home`)
  await expect(theirs).toHaveURL(/\/sign-in/)
  expect((await backups.get()).status).toBe(401)
  expect((await signIn(server.url)).status).toBe(401)
  await theirs.goto(base + new URL(reset).pathname + new URL(reset).search)
  await theirs.getByLabel('New password').fill('a brand new password')
  await theirs.getByLabel('The same again').fill('a brand new password')
  await theirs.getByRole('button', { name: 'Save the new password' }).click()
  await expect(theirs.getByRole('heading', { name: 'This link does not work any more' })).toBeVisible()

  await ask(page, 'Delete this account')
  await expect(dialog(page)).toBeVisible()
  await dialog(page).getByLabel(`To confirm, type ${bob}`).fill('somebody else')
  await dialog(page).getByRole('button', { name: 'Delete this account' }).click()
  await expect(dialog(page).getByRole('alert')).toHaveText('That is not what they are called here.')
  await dialog(page).getByLabel(`To confirm, type ${bob}`).fill(bob)
  await dialog(page).getByRole('button', { name: 'Delete this account' }).click()
  await expect(page.getByText('A keeper is having this account deleted')).toBeVisible()
  await shoot(page, 'people/leaving')
  expect((await signIn(server.url)).status).toBe(401)
  await ask(page, 'Call it off')
  await expect(page.getByRole('button', { name: 'Shut out', exact: true })).toBeVisible()
  const back = await signIn(server.url)
  expect(back.status).toBe(200)
  await signInTo(theirs, base, bob, '/home/activity', memberPassword)
  for (const words of ['The keeper shut your account', 'The deletion of your account was called off'])
    await expect(theirs.getByText(words)).toBeVisible()
  expect((await theirs.goto(`${base}/admin/people`))?.status()).toBe(404)

  await ask(page, 'Make them an admin')
  await expect(page.getByRole('button', { name: 'Make them a member' })).toBeVisible()
  await theirs.goto(`${base}/admin/people`)
  await expect(theirs.getByRole('heading', { level: 1 })).toHaveText('People')
  await theirs.getByRole('button', { name: /^Revoke the invitation/ }).click()
  await dialog(theirs).getByRole('button', { name: 'Revoke', exact: true }).click()
  await expect(theirs.getByText('Revoked', { exact: true })).toBeVisible()
  await theirs.goto(base + new URL(link).pathname)
  await expect(theirs.getByText('You are signed in as')).toBeVisible()
  expect(complaints).toEqual([])
})

test('before anybody is invited or let in, a keeper proves once more who they are', async ({ page }) => {
  await using server = await startKeptServer()
  const base = localhost(server)
  await signInTo(page, base, keeper.email, '/admin/people')
  await expect(page.getByText('Anybody who reaches this server can make an account')).toBeVisible()
  change(server, 'update sessions set proven_at = 0')
  await page.getByRole('button', { name: 'Invite somebody' }).click()
  await page.getByRole('button', { name: 'Make the invitation' }).click()
  await page.getByLabel('Your password').fill(keeper.password)
  await page.getByRole('button', { name: 'Confirm' }).click()
  await expect(page.getByRole('heading', { name: 'Your invitation' })).toBeVisible()
})
