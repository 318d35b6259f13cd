import { readFile } from 'node:fs/promises'
import { expect, type Page, test } from '@playwright/test'
import { readZip } from '#client/surfaces/personas/read-zip.ts'
import { hearthkeep } from '#e2e/support/cli.ts'
import { addDevice, slot } from '#e2e/support/cloud.ts'
import { hurryJobs, shiftClock, wallClock } from '#e2e/support/disaster-clock.ts'
import { objectsOnDisk } from '#e2e/support/disaster-inspect.ts'
import { startKeptServer } from '#e2e/support/keeper.ts'
import { localhost, memberPassword, newMember, signInTo, typePassword } from '#e2e/support/members.ts'
import { signIn as signInToOtp } from '#e2e/support/otp.ts'
import { personOf } from '#e2e/support/personas.ts'
import type { TestServer } from '#e2e/support/server.ts'
import { type SmtpServer, startSmtpServer } from '#e2e/support/smtp-server.ts'
import { expectGoodPage, watch } from './page-quality.ts'

const minute = 60_000
const day = 24 * 60 * minute

const clock = wallClock()
let smtp: SmtpServer
let server: TestServer
let base: string
test.beforeAll(async () => {
  smtp = await startSmtpServer()
  server = await startKeptServer({
    env: { ...clock.env, HEARTHKEEP_SMTP_URL: smtp.url, HEARTHKEEP_MAIL_FROM: 'keeper@home.test' },
    preload: [shiftClock, hurryJobs],
  })
  base = localhost(server)
})
test.afterAll(async () => {
  await server?.[Symbol.asyncDispose]()
  await smtp?.[Symbol.asyncDispose]()
  clock[Symbol.dispose]()
})
test.beforeEach(() => clock.shift(0))

const card = (page: Page, heading: string) => page.getByRole('region', { name: heading, exact: true })

async function cloudToken(email: string): Promise<string> {
  const answer = await fetch(`${server.url}/v1/sessions`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify({ username: email, password: memberPassword }),
  })
  expect(answer.status).toBe(200)
  return ((await answer.json()) as { token: string }).token
}

/** Somebody with something in every corner of the server. */
async function settledMember() {
  const email = await newMember(server)
  const person = personOf(server.url, email, memberPassword)
  expect((await person.put('work', Buffer.from('first work'))).status).toBe(200)
  expect((await person.put('work', Buffer.from('second work'))).status).toBe(200)
  expect((await person.put('b: ü', Buffer.from('odd'))).status).toBe(200)
  const token = await cloudToken(email)
  const sealed = Buffer.alloc(64, 7)
  expect((await slot(server.url, token).put(sealed)).status).toBe(200)
  const device = await addDevice(server.url, token)
  const phone = await signInToOtp(server.url, email, memberPassword)
  const place = await phone.addDevice('Kitchen', '1234')
  await phone.addOtp(place, 'mail@home.test', 'JBSWY3DPEHPK3PXP', '1234')
  return { email, person, sealed, token: device.token, phone }
}

test('names are changed with a proof, the old address is told, and the new name opens the apps too', async ({
  page,
}) => {
  const email = await newMember(server)
  const taken = await newMember(server)
  await signInTo(page, base, email, '/home/account')
  await card(page, 'Names').getByRole('button', { name: 'Change' }).click()
  await page.getByLabel('E-mail address').fill(taken)
  await page.getByRole('button', { name: 'Save the names' }).click()
  await expect(page.getByRole('alert').filter({ hasText: 'has that name already' })).toBeVisible()

  const fresh = `new+${email}`
  await page.getByLabel('E-mail address').fill(fresh)
  await page.getByLabel('User name').fill('Dad_At_Home')
  clock.shift(11 * minute)
  await page.getByRole('button', { name: 'Save the names' }).click()
  await page.getByLabel('Your password').fill(memberPassword)
  await page.getByRole('button', { name: 'Confirm' }).click()
  await expect(card(page, 'Names').getByText('dad_at_home')).toBeVisible()
  await told(email, 'Your Hearthkeep Account Has Another Name Now')
  expect((await personOf(server.url, email, memberPassword).list()).status).toBe(401)
  for (const name of [fresh, 'dad_at_home'])
    expect((await personOf(server.url, name, memberPassword).list()).status).toBe(200)
})

test('everything one has comes as one zip, after a proof', async ({ page }) => {
  const { email, sealed } = await settledMember()
  await signInTo(page, base, email, '/home/account')
  clock.shift(11 * minute)
  // The address alone, without a proof, gives nothing.
  expect((await page.request.get(`${base}/home/account/download`)).status()).toBe(403)
  const downloading = page.waitForEvent('download')
  await page.getByRole('button', { name: 'Download everything' }).click()
  await page.getByLabel('Your password').fill(memberPassword)
  await page.getByRole('button', { name: 'Confirm' }).click()
  const download = await downloading
  expect(download.suggestedFilename()).toBe('hearthkeep.zip')
  const files = readZip(await readFile(await download.path()))
  const text = (name: string) => Buffer.from(files.get(name) ?? []).toString()
  expect([...files.keys()].toSorted()).toEqual([
    'LIESMICH.txt',
    'README.txt',
    'account.json',
    'activity.json',
    'cloud/shared.backup',
    'codes/list.json',
    'earlier versions/personas/work, version 1.zip',
    'personas/b_ ü.zip',
    'personas/work.zip',
  ])
  expect(text('personas/work.zip')).toBe('second work')
  expect(text('earlier versions/personas/work, version 1.zip')).toBe('first work')
  expect(Buffer.from(files.get('cloud/shared.backup') ?? []).equals(sealed)).toBe(true)
  expect(JSON.parse(text('codes/list.json'))).toMatchObject([
    { place: 'Kitchen', codes: [{ account: 'mail@home.test' }] },
  ])
  expect(JSON.parse(text('account.json'))).toMatchObject({ email, role: 'member' })
  expect(JSON.parse(text('activity.json'))[0]).toMatchObject({ event: 'account.exported' })
  expect(text('README.txt')).toContain('Everything that Hearthkeep kept for you')
  await page.goto(`${base}/home/activity`)
  await expect(page.getByText('Everything you have was downloaded')).toBeVisible()
})

test('somebody deletes their account, thinks better of it, and later means it', async ({ page }) => {
  const before = objectsOnDisk(server.dataFolder)
  const { email, person, token, phone } = await settledMember()
  const { complaints } = watch(page, base)
  await signInTo(page, base, email, '/home/account')
  const leave = async (typed: string) => {
    await page.getByRole('button', { name: 'Delete my account' }).click()
    const dialog = page.getByRole('dialog')
    await dialog.getByLabel(`To confirm, type ${email}`).fill(typed)
    await page.screenshot({ path: 'test-results/account-delete.png' })
    await expectGoodPage(page)
    await dialog.getByRole('button', { name: 'Delete my account' }).click()
  }
  await leave('somebody else')
  await expect(page.getByRole('dialog').getByRole('alert')).toContainText('not the name of this account')
  await page.getByRole('dialog').getByRole('button', { name: 'Cancel' }).click()
  await leave(` ${email.toUpperCase()} `)
  await expect(page).toHaveURL(`${base}/`)
  await told(email, 'Your Hearthkeep Account Will Be Deleted')

  // On the wire it is a disabled account.
  expect((await person.list()).status).toBe(401)
  expect((await slot(server.url, token).get()).status).toBe(401)
  expect((await phone.ask('{ __typename devices { id } }')).answer.data?.devices ?? null).toBeNull()
  await page.goto(`${base}/home`)
  await expect(page).toHaveURL(/\/sign-in/)

  await typePassword(page, email)
  await expect(page.getByRole('heading', { name: 'Your account is about to be deleted' })).toBeVisible()
  await page.screenshot({ path: 'test-results/leaving.png', fullPage: true })
  await expectGoodPage(page)
  for (const path of ['/home', '/home/personas', '/home/account', '/sign-in']) {
    await page.goto(`${base}${path}`)
    await expect(page).toHaveURL(`${base}/leaving`)
  }
  expect((await page.request.get(`${base}/home/account/download`, { maxRedirects: 0 })).status()).toBe(307)
  await page.getByRole('button', { name: 'Keep my account' }).click()
  await expect(page).toHaveURL(`${base}/home`)
  await told(email, 'Your Hearthkeep Account Stays')
  expect(await (await person.get('work')).text()).toBe('second work')

  await page.goto(`${base}/home/account`)
  await leave(email)
  await expect(page).toHaveURL(`${base}/`)
  clock.pass(14 * day + minute)
  await told(email, 'Your Hearthkeep Account Is Deleted')
  await page.goto(`${base}/sign-in`)
  await typePassword(page, email)
  await expect(page.getByRole('alert').filter({ hasText: 'do not belong together' })).toBeVisible()
  await expect.poll(() => objectsOnDisk(server.dataFolder).filter((id) => !before.includes(id))).toEqual([])
  expect(complaints.filter((complaint) => !complaint.includes('401'))).toEqual([])
})

test('a sync key is linked by a code, named, frozen, limited and deleted', async ({ page }) => {
  const folder = test.info().outputPath('list')
  const sync = async (...args: string[]) => {
    const env = { HEARTHKEEP_SYNC_PASSPHRASE: 'a passphrase for the key' }
    return hearthkeep(['sync', ...args, '--folder', folder, '--json'], env)
  }
  expect((await sync('init', '--server', server.url)).code).toBe(0)
  await sync('add', 'milk')
  expect((await sync('run')).code).toBe(0)

  const email = await newMember(server)
  await signInTo(page, base, email, '/home/sync')
  await expect(page.getByText('No key is linked yet')).toBeVisible()
  await page.getByRole('button', { name: 'Make a code' }).click()
  await page.getByText('Your code').waitFor()
  await expectGoodPage(page)
  const code = (await page.getByText(/^[0-9A-Z]{4}-[0-9A-Z]{4}$/).textContent()) ?? ''
  expect((await sync('link', 'AAAA-AAAA')).stderr + (await sync('link', 'AAAA-AAAA')).stdout).toContain('code is wrong')
  expect((await sync('link', code, '--name', 'Shopping')).code).toBe(0)
  const key = card(page, 'Shopping')
  await expect(key.getByText('1 change')).toBeVisible()
  expect((await sync('link', code)).code).not.toBe(0)

  await key.getByRole('button', { name: 'Rename' }).click()
  await page.getByRole('dialog').getByLabel('Name').fill('Family list')
  await page.getByRole('dialog').getByRole('button', { name: 'Save' }).click()
  const named = card(page, 'Family list')
  await named.getByRole('button', { name: 'Freeze' }).click()
  await expect(named.getByText('No app can add changes')).toBeVisible()
  await sync('add', 'bread')
  expect((await sync('run')).code).not.toBe(0)
  await named.getByRole('button', { name: 'Unfreeze' }).click()
  await expect(named.getByText('No app can add changes')).toHaveCount(0)
  expect((await sync('run')).code).toBe(0)
  await named.getByRole('button', { name: 'Limit' }).click()
  await page.getByRole('dialog').getByLabel('Megabytes').fill('1')
  await page.getByRole('dialog').getByRole('button', { name: 'Save' }).click()
  await expect(named.getByText(/of 1 MB used/)).toBeVisible()
  await expectGoodPage(page)
  await page.screenshot({ path: 'test-results/sync-key.png', fullPage: true })

  // Somebody else's request about this key finds nothing.
  const sent = page.waitForRequest((request) => request.method() === 'POST')
  await named.getByRole('button', { name: 'Freeze' }).click()
  const action = await sent
  await expect(named.getByText('No app can add changes')).toBeVisible()
  await page.context().clearCookies()
  await signInTo(page, base, await newMember(server), '/home/sync')
  const replay = await page.request.post(`${base}/home/sync`, {
    headers: {
      'Next-Action': action.headers()['next-action'] ?? '',
      'Content-Type': 'text/plain;charset=UTF-8',
      Origin: base,
    },
    data: (action.postData() ?? '').replace('true', 'false'),
  })
  expect(await replay.text()).toContain('not_found')

  await page.context().clearCookies()
  await signInTo(page, base, email, '/home/sync')
  await expect(named.getByText('No app can add changes')).toBeVisible()
  await named.getByRole('button', { name: 'Delete' }).click()
  await page.getByRole('dialog').getByLabel('To confirm, type Family list').fill('family list')
  await page.getByRole('dialog').getByRole('button', { name: 'Delete' }).click()
  await expect(page.getByText('No key is linked yet')).toBeVisible()
})

test('every device is on one page, and each can be stopped there', async ({ page }) => {
  const { email, token, phone } = await settledMember()
  await signInTo(page, base, email, '/home/devices')
  await expect(card(page, 'Browsers').getByText('this browser')).toBeVisible()
  await expect(card(page, 'Cloud backup').getByRole('listitem')).toHaveCount(2)
  await card(page, 'Cloud backup').getByRole('button', { name: 'Sign out phone' }).click()
  await expect(card(page, 'Cloud backup').getByText('signed out')).toBeVisible()
  expect((await slot(server.url, token).get()).status).toBe(401)
  await card(page, 'One-time codes apps')
    .getByRole('button', { name: /^Sign out/ })
    .click()
  await expect(card(page, 'One-time codes apps')).toHaveCount(0)
  expect((await phone.ask('{ devices { id } }')).answer.data?.devices ?? null).toBeNull()
})

/** Wait for one mail; others may come before it, such as that somebody signed in from a new place. */
async function told(email: string, subject: string): Promise<void> {
  const next = async () => (await smtp.next(email, 20_000)).headers.subject
  await expect.poll(next, { timeout: 30_000 }).toBe(subject)
}
