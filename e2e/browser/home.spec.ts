import { randomBytes } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { type Browser, expect, type Page, test } from '@playwright/test'
import { addDevice, slot } from '#e2e/support/cloud.ts'
import { freshEmail, signUp as otpSignUp, password, pin } from '#e2e/support/otp.ts'
import { personOf } from '#e2e/support/personas.ts'
import { startServer, type TestServer } from '#e2e/support/server.ts'
import { expectGoodPage, looks, watch } from './page-quality.ts'

let server: TestServer
test.beforeAll(async () => {
  server = await startServer()
})
test.afterAll(() => server?.[Symbol.asyncDispose]())

const rfcSecret = 'GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ'
const pages = ['/home', '/home/cloud', '/home/personas', '/home/otp', '/home/activity'] as const

/** Somebody with things in three surfaces, made over the wire as their apps would. */
async function somebody() {
  const { url } = server
  const email = freshEmail()
  const phone = await otpSignUp(url, email)
  const place = await phone.addDevice('Phone')
  await phone.addOtp(place, 'Mail:mum@x.org', rfcSecret)

  const person = personOf(url, email, password)
  for (const text of ['first', 'second', 'third']) await person.put('keys of mum', `PK ${text}`)
  await person.put('photos', randomBytes(5000))

  const session = await fetch(`${url}/v1/sessions`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify({ username: email, password }),
  })
  const { token } = (await session.json()) as { token: string }
  const device = await addDevice(url, token)
  const backups = slot(url, device.token)
  const first = randomBytes(100)
  expect((await backups.put(first, { 'If-None-Match': '*' })).status).toBe(200)
  expect((await backups.put(randomBytes(200), { 'If-Match': '"1"' })).status).toBe(200)
  return { email, person, device, backups, firstBackup: first, phone }
}

type Somebody = Awaited<ReturnType<typeof somebody>>

async function signIn(page: Page, { email }: Pick<Somebody, 'email'>): Promise<void> {
  await page.goto(`${server.url}/sign-in?next=%2Fhome`)
  await page.getByLabel('E-mail address or user name').fill(email)
  await page.getByLabel('Password', { exact: true }).fill(password)
  await page.getByRole('button', { name: 'Sign in with password' }).click()
  await expect(page).toHaveURL(`${server.url}/home`)
}

async function visit(browser: Browser, who: Pick<Somebody, 'email'>) {
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
  await expect(page.getByRole('heading', { level: 1 })).toContainText(who.email)
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
  await page.getByLabel('Name').fill('Mum’s phone')
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

test('codes are opened by PIN, added, copied, imported and locked; a wrong PIN is told', async ({ browser }) => {
  const who = await somebody()
  await using visitor = await visit(browser, who)
  const { page, context } = visitor
  const bodies: string[] = []
  page.on('request', (request) => bodies.push(request.url()))
  const { complaints } = watch(page, server.url)
  await context.grantPermissions(['clipboard-read', 'clipboard-write'])
  await page.goto(`${server.url}/home/otp`)
  await page.getByLabel('PIN of Phone').fill('000000')
  await page.getByRole('button', { name: 'Unlock' }).click()
  await expect(page.getByRole('alert').filter({ hasText: 'That PIN is wrong' })).toBeVisible()
  await page.getByLabel('PIN of Phone').fill(pin)
  await page.keyboard.press('Enter')
  await expect(page.getByText(/^\d{3} \d{3}$/)).toBeVisible()
  await expectGoodPage(page)
  await page.getByRole('button', { name: 'Copy the code of Mail:mum@x.org' }).click()
  await expect(said(page)).toContainText('Copied.')
  expect(await page.evaluate(() => navigator.clipboard.readText())).toMatch(/^\d{6}$/)

  await page.getByText('Add a code').click()
  await page.getByLabel('Secret or otpauth link').fill('not a secret!')
  await page.getByLabel('Account with').fill('Shop')
  await page.getByRole('button', { name: 'Add', exact: true }).click()
  await expect(page.getByRole('alert').filter({ hasText: 'neither a secret' })).toBeVisible()
  await page.getByLabel('Secret or otpauth link').fill(`otpauth://hotp/Bank:mum?secret=${rfcSecret}&counter=0`)
  await page.getByLabel('Account with').fill('')
  await page.getByRole('button', { name: 'Add', exact: true }).click()
  await expect(said(page)).toContainText('Bank:mum is added.')
  await page.getByRole('button', { name: 'Next code of Bank:mum' }).click()
  await expect(said(page)).toContainText('755 224')
  await page.getByRole('button', { name: 'Next code of Bank:mum' }).click()
  await expect(said(page)).toContainText('287 082')

  await page.getByText('Import from a file').click()
  const links = ['One', 'Two', 'Three', 'Four'].map(
    (name) => `otpauth://totp/${name}:me?secret=${rfcSecret}&issuer=${name}`,
  )
  await page
    .getByLabel('File', { exact: true })
    .setInputFiles({ name: 'codes.txt', mimeType: 'text/plain', buffer: Buffer.from(links.join('\n')) })
  await page.getByRole('button', { name: 'Import', exact: true }).click()
  await expect(said(page)).toContainText('4 codes are imported.')
  await page.getByRole('searchbox', { name: 'Search' }).fill('thr')
  await expect(page.getByText(/^\d{3} \d{3}$/)).toHaveCount(1)
  await page.getByRole('button', { name: 'Delete Three:me' }).click()
  await page.getByRole('dialog').getByRole('button', { name: 'Delete' }).click()
  await expect(page.getByText('No code matches.')).toBeVisible()
  await page.getByRole('button', { name: 'Lock' }).click()
  await expect(page.getByLabel('PIN of Phone')).toHaveValue('')
  await expect(page.getByText('5 codes')).toBeVisible()
  expect(bodies.filter((url) => url.includes(pin))).toEqual([])
  expect(server.log()).not.toContain(pin)
  expect(complaints).toEqual([])
})

test('a place for codes is made here and works for an authenticator over the wire', async ({ page }) => {
  const who = await somebody()
  await signIn(page, who)
  await page.goto(`${server.url}/home/otp`)
  await page.getByText('New place for codes').click()
  await page.getByLabel('Name', { exact: true }).fill('Family')
  await page.getByLabel('PIN', { exact: true }).fill('246810')
  await page.getByLabel('The same again').fill('246810')
  await page.getByRole('button', { name: 'Make it' }).click()
  await expect(page.getByRole('radio', { name: /Family/ })).toBeVisible()
  const { answer } = await who.phone.ask('{ devices { id name } }')
  expect(answer.data.devices.map(({ name }: { name: string }) => name)).toEqual(['Phone', 'Family'])
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

  expect(await status(`/home/personas/history?id=${encodeURIComponent('theirs alone')}`)).toBe(404)
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
  expect(await signedOut.json()).toMatchObject({ ok: false, code: 'auth.failed' })
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

for (const { colorScheme, width, name } of looks)
  test(`every page is good at ${name}, full and empty`, async ({ browser }) => {
    await using context = await browser.newContext({ colorScheme, viewport: { width, height: 760 } })
    const page = await context.newPage()
    const { complaints } = watch(page, server.url)
    const full = await somebody()
    await full.person.put(`a-very-long-name-${'x'.repeat(120)}`, 'PK long')
    const empty = { email: freshEmail() }
    await otpSignUp(server.url, empty.email)
    for (const [state, who] of [
      ['full', full],
      ['empty', empty],
    ] as const) {
      await signIn(page, who)
      for (const path of pages) {
        await page.goto(server.url + path)
        await expect(page.getByRole('heading', { level: 1 })).toBeVisible()
        await shoot(page, `${path.slice(1).replaceAll('/', '-')}-${state}-${colorScheme}-${width}`)
        await expectGoodPage(page)
      }
      await context.clearCookies()
    }
    await signIn(page, full)
    await page.goto(`${server.url}/home/personas/history?id=keys+of+mum`)
    await expectGoodPage(page)
    await shoot(page, `persona-${colorScheme}-${width}`)
    await page.goto(`${server.url}/home/cloud`)
    await page.getByText('1 earlier version').click()
    await page.getByRole('button', { name: 'Remove phone' }).click()
    await expectGoodPage(page)
    await shoot(page, `dialog-${colorScheme}-${width}`)
    expect(complaints).toEqual([])
  })

/** Pictures to look at, when somebody names a folder for them. */
async function shoot(page: Page, name: string): Promise<void> {
  const folder = process.env.HEARTHKEEP_TEST_SHOTS
  if (folder) await page.screenshot({ path: `${folder}/${name}.png`, fullPage: true })
}
