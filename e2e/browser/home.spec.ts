import { randomBytes } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { type Browser, expect, type Page, test } from '@playwright/test'
import { fullMember } from '#e2e/support/full-member.ts'
import { password } from '#e2e/support/otp.ts'
import { startServer, type TestServer } from '#e2e/support/server.ts'
import { watch } from './page-quality.ts'

let server: TestServer
test.beforeAll(async () => {
  server = await startServer()
})
test.afterAll(() => server?.[Symbol.asyncDispose]())

const pages = ['/home', '/home/cloud', '/home/personas', '/home/otp', '/home/activity'] as const

const somebody = () => fullMember(server)

async function signIn(page: Page, { email }: { email: string }): Promise<void> {
  await page.goto(`${server.url}/sign-in?next=%2Fhome`)
  await page.getByLabel('E-mail address or user name').fill(email)
  await page.getByLabel('Password', { exact: true }).fill(password)
  await page.getByRole('button', { name: 'Sign in with password' }).click()
  await expect(page).toHaveURL(`${server.url}/home`)
}

async function visit(browser: Browser, who: { email: string }) {
  const context = await browser.newContext()
  const page = await context.newPage()
  await signIn(page, who)
  return { page, context, [Symbol.asyncDispose]: () => context.close() }
}

const said = (page: Page) => page.getByRole('status')

test('home tells what is kept, from which device, how long ago and how much room it takes', async ({ page }) => {
  const who = await somebody()
  const { complaints } = watch(page, server.url)
  await signIn(page, who)
  await expect(page.getByRole('heading', { level: 1 })).toContainText(who.email.split('@')[0] ?? '')
  await expect(page.getByText('of 1 GB used')).toBeVisible()
  const cloud = page.getByRole('region', { name: 'Cloud backup' })
  await expect(cloud).toContainText('phone')
  await expect(cloud).toContainText('200 bytes')
  await expect(page.getByRole('region', { name: 'Personas' })).toContainText('keys of mum')
  await expect(page.getByRole('region', { name: 'One-time codes' })).toContainText('1 code')
  await expect(page.getByText('You have no recovery codes')).toBeVisible()
  expect(complaints).toEqual([])
})

test('an earlier version of a persona is restored by one click and what an app gets is that version', async ({
  page,
}) => {
  const who = await somebody()
  await signIn(page, who)
  await page.getByRole('link', { name: 'Personas', exact: true }).click()
  await page.getByRole('link', { name: 'keys of mum: history and more' }).click()
  await page.getByRole('button', { name: 'Restore version 1', exact: true }).click()
  await expect(said(page)).toContainText('Version 1 is current again.')
  await expect(page.getByRole('heading', { name: 'Version 4' })).toBeVisible()
  expect(await (await who.person.get('keys of mum')).text()).toBe('PK first')

  await page.getByRole('button', { name: 'Restore version 3', exact: true }).click()
  await expect(said(page)).toContainText('Version 3 is current again.')
  expect(await (await who.person.get('keys of mum')).text()).toBe('PK third')
})

test('a deleted persona is undone at once, or brought back later', async ({ page }) => {
  const who = await somebody()
  await signIn(page, who)
  await page.goto(`${server.url}/home/personas`)
  await page.getByRole('button', { name: 'Delete photos' }).click()
  await expect(said(page)).toContainText('Deleted. You can bring it back.')
  expect((await who.person.get('photos')).status).toBe(410)
  await said(page).getByRole('button', { name: 'Undo' }).click()
  await expect(said(page)).toContainText('It is back.')
  expect((await who.person.get('photos')).status).toBe(200)

  await page.getByRole('button', { name: 'Delete photos' }).click()
  await page.reload()
  await page.getByRole('button', { name: 'Bring back photos' }).click()
  await expect(page.getByRole('button', { name: 'Delete photos' })).toBeVisible()
  expect((await who.person.get('photos')).status).toBe(200)
})

test('a delete that comes after an app saved leaves the newer version alone', async ({ page }) => {
  const who = await somebody()
  await signIn(page, who)
  await page.goto(`${server.url}/home/personas`)
  await who.person.put('photos', 'PK newer')
  await page.getByRole('button', { name: 'Delete photos' }).click()
  await expect(said(page)).toContainText('changed by another device')
  expect(await (await who.person.get('photos')).text()).toBe('PK newer')
})

test('files are uploaded, replaced and downloaded again byte by byte', async ({ page }) => {
  const who = await somebody()
  const { complaints } = watch(page, server.url)
  await signIn(page, who)
  await page.goto(`${server.url}/home/personas`)
  const bytes = randomBytes(3 * 1024 * 1024)
  const file = { name: 'export.zip', mimeType: 'application/zip', buffer: bytes }
  const upload = page.getByRole('button', { name: 'Upload', exact: true })

  await upload.click()
  await expect(page.getByRole('alert').filter({ hasText: 'Give it a name' })).toBeVisible()
  await page.getByLabel('Name').fill('photos')
  await page.getByLabel('File').setInputFiles(file)
  await upload.click()
  await expect(page.getByRole('alert').filter({ hasText: 'There is a persona of that name' })).toBeVisible()

  await page.getByLabel('Name').fill('Größe? & more.zip')
  await upload.click()
  await expect(said(page)).toContainText('is kept.')
  const stored = await who.person.get('Größe? & more.zip')
  expect(Buffer.from(await stored.arrayBuffer()).equals(bytes)).toBe(true)
  expect(stored.headers.get('content-type')).toBe('application/zip')

  const [download] = await Promise.all([
    page.waitForEvent('download'),
    page.getByRole('link', { name: 'Download Größe? & more.zip, version 1' }).click(),
  ])
  expect(download.suggestedFilename()).toBe('Größe_ & more.zip')
  expect((await readFile(await download.path())).equals(bytes)).toBe(true)

  await page.getByRole('link', { name: 'Größe? & more.zip: history and more' }).click()
  await expect(page.getByRole('heading', { name: 'Version 1' })).toBeVisible()
  await page.getByLabel('File').setInputFiles({ ...file, buffer: Buffer.from('PK again') })
  await upload.click()
  await expect(page.getByRole('heading', { name: 'Version 2' })).toBeVisible()
  expect(await (await who.person.get('Größe? & more.zip')).text()).toBe('PK again')
  expect(complaints).toEqual([])
})

test('a device’s backup is restored, renamed, and fetched after the device was removed', async ({ page }) => {
  const who = await somebody()
  await signIn(page, who)
  await page.goto(`${server.url}/home/cloud`)
  await page.getByText('1 earlier version').click()
  await page.getByRole('button', { name: 'Restore version 1 of phone' }).click()
  await expect(said(page)).toContainText('Version 1 is current again.')
  const restored = await who.backups.get()
  expect(restored.headers.get('etag')).toBe('"3"')
  expect(Buffer.from(await restored.arrayBuffer()).equals(who.firstBackup)).toBe(true)

  await page.getByRole('button', { name: 'Rename phone' }).click()
  await page.getByRole('dialog').getByRole('textbox', { name: 'Name' }).fill('Mum’s phone')
  await page.getByRole('button', { name: 'Save' }).click()
  await expect(page.getByRole('heading', { name: 'Mum’s phone' })).toBeVisible()

  await page.getByRole('button', { name: 'Remove Mum’s phone' }).click()
  await page.getByRole('button', { name: 'Remove', exact: true }).click()
  await expect(said(page)).toContainText('removed and signed out')
  expect((await who.backups.get()).status).toBe(401)
  await page.getByRole('region', { name: 'Removed devices' }).getByText('Kept until').click()
  const [download] = await Promise.all([
    page.waitForEvent('download'),
    page.getByRole('link', { name: /^Download version 3 of/ }).click(),
  ])
  expect((await readFile(await download.path())).equals(who.firstBackup)).toBe(true)
})

test('the activity page tells in words what happened', async ({ page }) => {
  const who = await somebody()
  await who.person.remove('photos')
  await signIn(page, who)
  await page.goto(`${server.url}/home/activity`)
  await expect(page.getByText('A persona was deleted')).toBeVisible()
  await expect(page.getByText('Your account was made')).toBeVisible()
  await expect(page.getByText('A device was added for cloud backup')).toBeVisible()
  await expect(page.getByText('from 127.0.0.1').first()).toBeVisible()
})

test('fifty events a page, and none is lost between pages', async ({ page }) => {
  const who = await somebody()
  for (let at = 0; at < 30; at++) {
    await who.person.put('often', `PK ${at}`)
    await who.person.remove('often')
    await who.person.put('again', `PK ${at}`)
    await who.person.remove('again')
  }
  await signIn(page, who)
  await page.goto(`${server.url}/home/activity`)
  const deleted = page.getByText('A persona was deleted')
  const first = await deleted.count()
  await page.getByRole('link', { name: 'Older' }).click()
  await expect(page.getByRole('link', { name: 'Back to the latest' })).toBeVisible()
  expect(first + (await deleted.count())).toBe(60)
})

test('nobody reaches another member’s things, nor anything without signing in', async ({ browser }) => {
  const [mine, theirs] = [await somebody(), await somebody()]
  await theirs.person.put('theirs alone', 'PK secret')
  await using visitor = await visit(browser, mine)
  const { page } = visitor
  const { request } = page
  const status = async (path: string) => (await request.get(server.url + path)).status()

  await page.goto(`${server.url}/home/personas/history?id=${encodeURIComponent('theirs alone')}`)
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('There is nothing here')
  expect(await status(`/home/personas/file?id=${encodeURIComponent('theirs alone')}&version=1`)).toBe(404)
  expect(await status(`/home/cloud/file?device=${theirs.device.deviceId}&version=1`)).toBe(404)
  expect(await status(`/home/cloud/file?device=${theirs.device.deviceId}&version=2`)).toBe(404)
  expect(await status(`/home/cloud/file?device=${mine.device.deviceId}&version=1`)).toBe(200)
  for (const odd of ['', '?version=x', '?device=..%2f&version=1', '?device=&version=0'])
    expect(await status(`/home/cloud/file${odd}`)).toBe(404)
  for (const odd of ['', '?id=%00&version=1', '?id=photos&version=-1e9'])
    expect(await status(`/home/personas/history${odd}`)).toBeLessThan(500)

  // The page's own action, sent again with somebody else's device in it.
  await page.goto(`${server.url}/home/cloud`)
  await page.getByText('1 earlier version').click()
  await page.route('**/home/cloud', async (route) => {
    const body = route.request().postData()?.replaceAll(mine.device.deviceId, theirs.device.deviceId)
    await route.continue(body ? { postData: body } : {})
  })
  await page.getByRole('button', { name: 'Restore version 1 of phone' }).click()
  await expect(said(page)).toContainText('not there any more')
  expect((await theirs.backups.head()).headers.get('etag')).toBe('"2"')

  const stranger = await (await browser.newContext()).newPage()
  for (const path of pages) {
    await stranger.goto(server.url + path)
    await expect(stranger).toHaveURL(`${server.url}/sign-in?next=${encodeURIComponent(path)}`)
  }
  const file = await fetch(`${server.url}/home/personas/file?id=photos&version=1`, { redirect: 'manual' })
  expect(file.status).toBeGreaterThanOrEqual(300)
  expect(file.status).toBeLessThan(400)
  await stranger.context().close()
})

test('an upload from another site, or without a session, changes nothing', async ({ browser }) => {
  const who = await somebody()
  await using visitor = await visit(browser, who)
  const cookies = (await visitor.context.cookies()).map(({ name, value }) => `${name}=${value}`).join('; ')
  const upload = (headers: Record<string, string>) =>
    fetch(`${server.url}/home/personas/upload?id=planted`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/zip', ...headers },
      body: 'PK planted',
    })
  expect((await upload({ Cookie: cookies, Origin: 'http://evil.example' })).status).toBe(403)
  expect((await upload({ Cookie: cookies })).status).toBe(403)
  const signedOut = await upload({ Origin: server.url })
  expect(await signedOut.json()).toMatchObject({ ok: false, code: 'auth.signed_out' })
  expect((await who.person.get('planted')).status).toBe(410)
  expect(await (await upload({ Cookie: cookies, Origin: server.url })).json()).toEqual({ ok: true, value: 1 })
})

test('a download is a file to keep, whatever an app called its bytes', async ({ browser }) => {
  const who = await somebody()
  await who.person.put('page.html', '<script>alert(1)</script>', { 'Content-Type': 'text/html' })
  await using visitor = await visit(browser, who)
  const answer = await visitor.page.request.get(`${server.url}/home/personas/file?id=page.html&version=1`)
  expect(answer.headers()).toMatchObject({
    'content-type': 'application/octet-stream',
    'x-content-type-options': 'nosniff',
    'content-disposition': `attachment; filename="page.html"; filename*=UTF-8''page.html`,
  })
})

test('signing out ends the session and leads to the sign-in page', async ({ page }) => {
  await signIn(page, await somebody())
  await page.getByRole('button', { name: 'Sign out' }).click()
  await expect(page).toHaveURL(`${server.url}/sign-in`)
  await page.goto(`${server.url}/home`)
  await expect(page).toHaveURL(/\/sign-in\?next=/)
})

test('a page that Back brings from the browser’s memory is asked for again', async ({ page, context }) => {
  await signIn(page, await somebody())
  await context.clearCookies()
  // As Safari tells of it; Chromium keeps no page in memory whose headers forbid it.
  await page.evaluate(() => window.dispatchEvent(new PageTransitionEvent('pageshow', { persisted: true })))
  await expect(page).toHaveURL(/\/sign-in\?next=/)
})
