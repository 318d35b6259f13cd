import { expect, type Page, test } from '@playwright/test'
import { hearthkeep } from '#e2e/support/cli.ts'
import { startServer, type TestServer } from '#e2e/support/server.ts'
import { type SmtpServer, startSmtpServer } from '#e2e/support/smtp-server.ts'
import { expectGoodLooks, watch } from './page-quality.ts'

let smtp: SmtpServer
let server: TestServer
test.beforeAll(async () => {
  smtp = await startSmtpServer()
  server = await startServer({ env: { HEARTHKEEP_SMTP_URL: smtp.url, HEARTHKEEP_MAIL_FROM: 'keeper@home.test' } })
})
test.afterAll(async () => {
  await server?.[Symbol.asyncDispose]()
  await smtp?.[Symbol.asyncDispose]()
})

let people = 0
const oldPassword = 'the old password'
const newPassword = 'quite another, much better one'

/** Somebody with one persona, made through the API as an app would. */
async function somebody(): Promise<string> {
  const email = `mum+${++people}@home.test`
  const account = await fetch(`${server.url}/accounts`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify({ email, password: oldPassword }),
  })
  expect(account.status).toBe(200)
  const put = await persona(email, oldPassword, { method: 'POST', body: 'PK zip bytes' })
  expect(put.status).toBe(200)
  return email
}

function persona(email: string, password: string, request: RequestInit = {}): Promise<Response> {
  const basic = Buffer.from(`${email}:${password}`).toString('base64')
  return fetch(`${server.url}/personas/me`, {
    ...request,
    headers: { Authorization: `Basic ${basic}`, 'Content-Type': 'application/zip' },
  })
}

async function mailedLink(email: string): Promise<string> {
  const mail = await smtp.next(email)
  const link = /http\S+\/password\/reset\.html\?\S+/.exec(mail.text)?.[0]
  expect(link).toBeDefined()
  return link ?? ''
}

async function choose(page: Page, password: string, repeated = password): Promise<void> {
  await page.getByLabel('New password').fill(password)
  await page.getByLabel('The same again').fill(repeated)
  await page.getByRole('button', { name: 'Save the new password' }).click()
}

test('forget, ask, follow the mailed link, set a new password, fetch the persona on another device', async ({
  page,
}) => {
  const email = await somebody()
  const { complaints } = watch(page, server.url)
  await page.goto(`${server.url}/password/reset.html`)
  await page.getByLabel('E-mail address').fill(email)
  await page.keyboard.press('Enter')
  await expect(page.getByRole('heading', { name: 'Look into your mail' })).toBeFocused()

  await page.goto(await mailedLink(email))
  await expect(page.getByText(email)).toBeVisible()
  await expect(page).toHaveURL(`${server.url}/password/reset.html`)
  await choose(page, newPassword)
  await expect(page.getByRole('heading', { name: 'Your password is changed' })).toBeFocused()
  expect(complaints).toEqual([])

  expect((await persona(email, oldPassword)).status).toBe(401)
  const fetched = await persona(email, newPassword)
  expect([fetched.status, await fetched.text()]).toEqual([200, 'PK zip bytes'])
  expect((await smtp.next(email)).text).not.toContain('reset_code')
})

test('who signed in at a German page is written to in German, until they choose another language', async ({
  browser,
}) => {
  const email = await somebody()
  await using context = await browser.newContext({ locale: 'de-AT' })
  const page = await context.newPage()
  const signIn = async (password: string) => {
    await page.goto(`${server.url}/sign-in?next=/home/security`)
    await page.getByLabel('E-Mail-Adresse oder Benutzername').fill(email)
    await page.getByLabel('Passwort', { exact: true }).fill(password)
    await page.getByRole('button', { name: 'Mit Passwort anmelden' }).click()
    await expect(page).toHaveURL(`${server.url}/home/security`)
  }
  // As an app asks, which says nothing of any language.
  const ask = async () => {
    const asked = { method: 'PUT', headers: { 'Content-Type': 'application/json' }, body: JSON.stringify({ email }) }
    expect((await fetch(`${server.url}/password/reset`, asked)).status).toBe(200)
    return smtp.next(email)
  }

  await signIn(oldPassword)
  const mail = await ask()
  expect(mail.subject).toBe('Setze dein Hearthkeep-Passwort zurück')
  expect(mail.text).toContain(`Jemand, vielleicht du, möchte das Hearthkeep-Passwort von ${email} zurücksetzen.`)
  await page.goto(/http\S+\/password\/reset\.html\?\S+/.exec(mail.text)?.[0] ?? '')
  await page.getByLabel('Neues Passwort').fill(newPassword)
  await page.getByLabel('Noch einmal dasselbe').fill(newPassword)
  await page.getByRole('button', { name: 'Neues Passwort speichern' }).click()
  await expect(page.getByRole('heading', { name: 'Dein Passwort ist geändert' })).toBeVisible()
  const notice = await smtp.next(email)
  expect(notice.subject).toBe('Dein Hearthkeep-Passwort wurde geändert')
  expect(notice.html).toContain('<html lang="de">')

  await signIn(newPassword)
  await page.getByRole('button', { name: 'English' }).click()
  await expect(page.getByRole('heading', { level: 1, name: 'Security' })).toBeVisible()
  expect((await ask()).subject).toBe('You Requested a Password Reset for Hearthkeep')
})

test('the page asks for a mail in its own language', async ({ browser }) => {
  const email = await somebody()
  await using context = await browser.newContext({ locale: 'fr-FR' })
  const page = await context.newPage()
  await page.goto(`${server.url}/password/reset.html`)
  await page.getByRole('button', { name: 'Deutsch' }).click()
  await expect(page.getByRole('heading', { name: 'Passwort vergessen?' })).toBeVisible()
  await page.getByLabel('E-Mail-Adresse').fill(email)
  await page.getByRole('button', { name: 'Link schicken' }).click()
  await expect(page.getByRole('heading', { name: 'Schau in dein Postfach' })).toBeVisible()
  expect((await smtp.next(email)).subject).toBe('Setze dein Hearthkeep-Passwort zurück')
})

test('a link that was used says so and leads to a new one', async ({ page }) => {
  const email = await somebody()
  await page.goto(`${server.url}/password/reset.html?email=${encodeURIComponent(email)}&code=${'0'.repeat(64)}`)
  await choose(page, newPassword)
  await expect(page.getByRole('heading', { name: 'This link does not work any more' })).toBeFocused()
  await page.getByRole('button', { name: 'Get a new link' }).click()
  await expect(page.getByLabel('E-mail address')).toHaveValue(email)
})

test('passwords that differ or are short are told before anything is sent', async ({ page }) => {
  const email = await somebody()
  let sent = 0
  page.on('request', (request) => {
    if (request.method() === 'POST') sent++
  })
  await page.goto(`${server.url}/password/reset.html?email=${encodeURIComponent(email)}&reset_code=${'0'.repeat(64)}`)
  await choose(page, newPassword, 'something else')
  await expect(page.getByRole('alert').filter({ hasText: 'not the same' })).toBeVisible()
  await choose(page, 'short')
  await expect(page.getByRole('alert').filter({ hasText: 'At least 8 characters' })).toBeVisible()
  expect(sent).toBe(0)
  await page.getByRole('button', { name: 'Show' }).click()
  await expect(page.getByLabel('New password')).toHaveAttribute('type', 'text')
})

test('an unreachable server is told in words, and what was typed stays', async ({ page }) => {
  const email = await somebody()
  await page.goto(`${server.url}/password/reset.html?email=${encodeURIComponent(email)}&reset_code=${'0'.repeat(64)}`)
  await page.context().setOffline(true)
  await choose(page, newPassword)
  await expect(page.getByRole('alert').filter({ hasText: 'cannot be reached' })).toBeVisible()
  await expect(page.getByLabel('New password')).toHaveValue(newPassword)
})

test('without mail the keeper’s link does the same', async ({ page }) => {
  const email = await somebody()
  const { code, stdout } = await hearthkeep(['admin', 'reset-link', email, '--json'], {
    HEARTHKEEP_DATA_DIR: server.dataFolder,
  })
  expect(code).toBe(0)
  await page.goto((JSON.parse(stdout) as { link: string }).link)
  await choose(page, newPassword)
  await expect(page.getByRole('heading', { name: 'Your password is changed' })).toBeVisible()
  expect((await persona(email, newPassword)).status).toBe(200)
})

test('the page is never kept by a browser or passed on', async () => {
  const answer = await fetch(`${server.url}/password/reset.html?email=a&reset_code=b`)
  expect(answer.headers.get('cache-control')).toContain('no-store')
  expect(answer.headers.get('referrer-policy')).toBe('no-referrer')
})

test('every step is good in every look', async ({ page }) => {
  const { complaints } = watch(page, server.url)
  await page.goto(
    `${server.url}/password/reset.html?email=${'long'.repeat(15)}%40example.org&reset_code=${'0'.repeat(64)}`,
  )
  await choose(page, newPassword, 'not this')
  await expectGoodLooks(page, 'reset/choose')
  await choose(page, newPassword)
  await expect(page.getByRole('heading', { name: 'This link does not work any more' })).toBeVisible()
  await expectGoodLooks(page, 'reset/gone')
  expect(complaints.filter((text) => !text.includes('410'))).toEqual([])
})
