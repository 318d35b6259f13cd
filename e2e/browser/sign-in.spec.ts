import { expect, test } from '@playwright/test'
import { addAuthenticator } from '#e2e/support/authenticator.ts'
import { localhost, memberPassword, newMember, signInTo, typePassword } from '#e2e/support/members.ts'
import { startServer, type TestServer } from '#e2e/support/server.ts'
import { expectGoodLooks, watch } from './page-quality.ts'

let server: TestServer
let base: string
test.beforeAll(async () => {
  server = await startServer()
  base = localhost(server)
})
test.afterAll(() => server?.[Symbol.asyncDispose]())

test('a page behind sign-in leads there and back', async ({ page }) => {
  const email = await newMember(server)
  const { complaints } = watch(page, base)
  await page.goto(`${base}/home/security?from=mail`)
  await expect(page).toHaveURL(`${base}/sign-in?next=%2Fhome%2Fsecurity%3Ffrom%3Dmail`)
  await typePassword(page, ` ${email.toUpperCase()} `)
  await expect(page).toHaveURL(`${base}/home/security?from=mail`)
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Security')
  expect(complaints).toEqual([])
})

test('a wrong password says so, keeps the name, and signs nobody in', async ({ page }) => {
  const email = await newMember(server)
  await page.goto(`${base}/sign-in`)
  await typePassword(page, email, 'not the password')
  await expect(page.getByRole('alert').filter({ hasText: 'do not belong together' })).toBeVisible()
  await expect(page.getByLabel('E-mail address or user name')).toHaveValue(email)
  await typePassword(page, 'nobody@home.test', memberPassword)
  await expect(page.getByRole('alert').filter({ hasText: 'do not belong together' })).toBeVisible()
  await page.goto(`${base}/home/security`)
  await expect(page).toHaveURL(/\/sign-in\?/)
})

test('after twenty wrong passwords even the right one waits', async ({ page }) => {
  await using limited = await startServer({ env: { HEARTHKEEP_RATE_LIMIT: 'on' } })
  const email = await newMember(limited)
  for (let guess = 0; guess < 20; guess++) {
    const basic = Buffer.from(`${email}:wrong ${guess}`).toString('base64')
    const answer = await fetch(`${limited.url}/personas`, { headers: { Authorization: `Basic ${basic}` } })
    expect([401, 429]).toContain(answer.status)
  }
  await page.goto(`${limited.url}/sign-in`)
  await typePassword(page, email)
  await expect(page.getByRole('alert').filter({ hasText: /Too many tries. Wait \d+ minutes/ })).toBeVisible()
})

test('the session cookie is out of reach of scripts, and a new one each time', async ({ page, context }) => {
  const email = await newMember(server)
  await signInTo(page, base, email)
  const [first, ...more] = await context.cookies()
  expect(more).toEqual([])
  expect(first).toMatchObject({ name: 'hearthkeep', httpOnly: true, sameSite: 'Lax', path: '/', secure: false })
  expect(await page.evaluate(() => document.cookie)).toBe('')

  await page.getByRole('button', { name: 'Sign out', exact: true }).click()
  await expect(page).toHaveURL(/\/sign-in/)
  await context.addCookies([{ name: 'hearthkeep', value: first?.value ?? '', url: base }])
  await page.goto(`${base}/home/security`)
  await expect(page).toHaveURL(/\/sign-in/)
  await typePassword(page, email)
  await expect(page).toHaveURL(`${base}/home/security`)
  const [second] = await context.cookies()
  expect(second?.value).not.toBe(first?.value)
})

for (const next of [
  '//evil.example/home',
  'https://evil.example/',
  '/\\evil.example',
  '/.//evil.example',
  '/%09/evil.example',
])
  test(`after signing in, nobody is led away by next=${next}`, async ({ page }) => {
    const email = await newMember(server)
    await page.goto(`${base}/sign-in?next=${encodeURIComponent(next)}`)
    await typePassword(page, email)
    await expect(page).toHaveURL(`${base}/home`)
    await page.goto(`${base}/sign-in?next=${encodeURIComponent(next)}`)
    await expect(page).toHaveURL(`${base}/home`)
  })

test('under a number, the page says why passkeys do not work and where they do', async ({ page }) => {
  await page.goto(`${server.url}/sign-in?next=/home/security`)
  await expect(page.getByText('Passkeys belong to a name')).toBeVisible()
  await expect(page.getByRole('button', { name: 'Sign in with a passkey' })).toHaveCount(0)
  await page.getByRole('link', { name: 'Open it here instead' }).click()
  await expect(page).toHaveURL(`${base}/sign-in?next=%2Fhome%2Fsecurity`)
  await expect(page.getByRole('button', { name: 'Sign in with a passkey' })).toBeVisible()
})

test('a ceremony that comes to nothing is told in words', async ({ page }) => {
  await addAuthenticator(page)
  await page.goto(`${base}/sign-in`)
  await page.getByRole('button', { name: 'Sign in with a passkey' }).click()
  await expect(page.getByRole('alert').filter({ hasText: 'Nothing came of it' })).toBeVisible()
  await expect(page.getByRole('button', { name: 'Sign in with a passkey' })).toBeEnabled()
})

test('an unreachable server is told in words, and what was typed stays', async ({ page }) => {
  await page.goto(`${base}/sign-in`)
  await page.context().setOffline(true)
  await typePassword(page, 'dad@home.test')
  await expect(page.getByRole('alert').filter({ hasText: 'cannot be reached' })).toBeVisible()
  await expect(page.getByLabel('Password', { exact: true })).toHaveValue(memberPassword)
})

test('an action posted from another site is refused, and so is one from nowhere', async ({ page, context }) => {
  const email = await newMember(server)
  let action = ''
  page.on('request', (request) => {
    action = request.headers()['next-action'] ?? action
  })
  await signInTo(page, base, email)
  expect(action).not.toBe('')
  const cookie = (await context.cookies()).map(({ name, value }) => `${name}=${value}`).join('; ')
  const post = (headers: Record<string, string>) =>
    fetch(`${base}/home/security`, {
      method: 'POST',
      headers: { 'Next-Action': action, 'Content-Type': 'text/plain;charset=UTF-8', Cookie: cookie, ...headers },
      body: '[]',
    })
  for (const origin of ['http://evil.example', 'null', 'http://localhost:1', base.replace('http:', 'ftp:')])
    expect((await post({ Origin: origin })).status, origin).toBe(403)
  expect((await post({})).status).toBe(403)
  expect((await post({ Origin: base })).status).toBe(200)
})

test('the sign-in page is good in every look, whatever it has to say', async ({ page }) => {
  const { complaints } = watch(page, base)
  await page.goto(`${base}/sign-in`)
  await typePassword(page, 'nobody@home.test')
  await expect(page.getByRole('alert').filter({ hasText: 'do not belong' })).toBeVisible()
  await expectGoodLooks(page, 'sign-in/refused')
  await page.getByRole('button', { name: 'Use a recovery code' }).click()
  await expect(page.getByRole('heading', { level: 1 })).toBeFocused()
  await expectGoodLooks(page, 'sign-in/recovery')
  expect(complaints).toEqual([])
  await page.goto(`${server.url}/sign-in`)
  await expectGoodLooks(page, 'sign-in/by-number')
})

test('sent before its script runs, the form puts no password into the address', async ({ browser }) => {
  await using context = await browser.newContext({ javaScriptEnabled: false })
  const page = await context.newPage()
  await page.goto(`${base}/sign-in`)
  await typePassword(page, 'mum@home.test')
  await page.goto(`${base}/join`)
  await page.goBack()
  expect(page.url()).toBe(`${base}/sign-in`)
})
