import { expect, type Page, test } from '@playwright/test'
import { addAuthenticator } from '#e2e/support/authenticator.ts'
import { hearthkeep } from '#e2e/support/cli.ts'
import { localhost, memberPassword, newMember, signInTo, typePassword } from '#e2e/support/members.ts'
import { startServer, type TestServer } from '#e2e/support/server.ts'
import { type SmtpServer, startSmtpServer } from '#e2e/support/smtp-server.ts'
import { expectGoodLooks, shoot, watch } from './page-quality.ts'

let smtp: SmtpServer
let server: TestServer
let base: string
test.beforeAll(async () => {
  smtp = await startSmtpServer()
  server = await startServer({ env: { HEARTHKEEP_SMTP_URL: smtp.url, HEARTHKEEP_MAIL_FROM: 'keeper@home.test' } })
  base = localhost(server)
})
test.afterAll(async () => {
  await server?.[Symbol.asyncDispose]()
  await smtp?.[Symbol.asyncDispose]()
})

const card = (page: Page, heading: string) => page.getByRole('region', { name: heading, exact: true })

async function addPasskey(page: Page): Promise<void> {
  const rows = card(page, 'Passkeys').getByRole('listitem')
  const before = await rows.count()
  await page.getByRole('button', { name: 'Add a passkey' }).click()
  await expect(rows).toHaveCount(before + 1)
}

async function makeCodes(page: Page): Promise<string[]> {
  await page.getByRole('button', { name: 'Make recovery codes' }).click()
  await expect(page.getByRole('heading', { name: /Your recovery codes/ })).toBeFocused()
  return card(page, 'Recovery codes').locator('ol li').allTextContents()
}

async function signOut(page: Page): Promise<void> {
  await page.getByRole('button', { name: 'Sign out', exact: true }).first().click()
  await expect(page).toHaveURL(/\/sign-in/)
}

test('add a passkey, sign out, sign in with it, rename it, remove it', async ({ page }) => {
  const email = await newMember(server)
  const { complaints } = watch(page, base)
  const authenticator = await addAuthenticator(page)
  await signInTo(page, base, email)
  await addPasskey(page)
  expect(await authenticator.count()).toBe(1)
  const mail = await smtp.next(email)
  expect(mail.headers.subject).toBe('A Passkey Was Added to Your Hearthkeep Account')

  // Nobody answers the offer in the name field, so that the button is what signs in.
  await authenticator.setPresent(false)
  await signOut(page)
  await authenticator.setPresent(true)
  await page.getByRole('button', { name: 'Sign in with a passkey' }).click()
  await expect(page).toHaveURL(`${base}/home`)

  await page.goto(`${base}/home/security`)
  const passkeys = card(page, 'Passkeys')
  await expect(passkeys.getByText('last used')).toBeVisible()
  await passkeys.getByRole('button', { name: /^Rename/ }).click()
  await page.getByRole('dialog').getByLabel('Name').fill('My laptop')
  await page.getByRole('button', { name: 'Save' }).click()
  await expect(passkeys.getByText('My laptop', { exact: true })).toBeVisible()
  await passkeys.getByRole('button', { name: 'Remove My laptop' }).click()
  await expect(page.getByRole('dialog')).toContainText('your only passkey')
  await page.getByRole('dialog').getByRole('button', { name: 'Remove' }).click()
  await expect(passkeys.getByRole('listitem')).toHaveCount(0)
  expect(complaints).toEqual([])

  // The device still has it; the server does not know it any more.
  await authenticator.setPresent(false)
  await signOut(page)
  await authenticator.setPresent(true)
  await page.getByRole('button', { name: 'Sign in with a passkey' }).click()
  await expect(page.getByRole('alert').filter({ hasText: 'does not sign in here' })).toBeVisible()
})

test('a passkey that is picked in the name field signs in without a button', async ({ page }) => {
  const email = await newMember(server)
  await addAuthenticator(page)
  await signInTo(page, base, email)
  await addPasskey(page)
  await page.getByRole('button', { name: 'Sign out', exact: true }).first().click()
  // The authenticator answers the offer at once, as a person would who taps their name in it.
  await expect(page).toHaveURL(`${base}/home`)
  await expect(page.getByText(email).first()).toBeVisible()
})

test('the same device is not added twice', async ({ page }) => {
  const email = await newMember(server)
  await addAuthenticator(page)
  await signInTo(page, base, email)
  await addPasskey(page)
  await page.getByRole('button', { name: 'Add a passkey' }).click()
  await expect(page.getByRole('alert').filter({ hasText: 'has a passkey for your account already' })).toBeVisible()
})

test('somebody whom the device does not recognise adds nothing and gets in nowhere', async ({ page }) => {
  const email = await newMember(server)
  const authenticator = await addAuthenticator(page, { hasPrf: false })
  await signInTo(page, base, email)
  await authenticator.setVerified(false)
  await page.getByRole('button', { name: 'Add a passkey' }).click()
  await expect(card(page, 'Passkeys').getByRole('alert')).toContainText('Nothing came of it')
  await authenticator.setVerified(true)
  await addPasskey(page)
  await authenticator.setVerified(false)
  await signOut(page)
  await page.getByRole('button', { name: 'Sign in with a passkey' }).click()
  await expect(page.getByRole('alert').filter({ hasText: 'Nothing came of it' })).toBeVisible()
})

test('each recovery code signs in once, however it is typed, and its owner is told', async ({ page }) => {
  const email = await newMember(server)
  await signInTo(page, base, email)
  const codes = await makeCodes(page)
  expect(new Set(codes).size).toBe(10)
  for (const code of codes) expect(code).toMatch(/^([0-9A-HJKMNP-TV-Z]{4}-){4}[0-9A-HJKMNP-TV-Z]{4}$/)
  await page.getByRole('button', { name: 'I have kept them' }).click()
  await expect(page.getByText('10 of 10 codes are left.')).toBeVisible()
  await page.reload()
  await expect(page.getByText(codes[0] ?? '')).toHaveCount(0)
  await signOut(page)

  const enter = async (code: string) => {
    await page.goto(`${base}/sign-in?next=/home/security`)
    await page.getByRole('button', { name: 'Use a recovery code' }).click()
    await page.getByLabel('E-mail address or user name').fill(email)
    await page.getByLabel('Recovery code').fill(code)
    await page.getByRole('button', { name: 'Sign in with this code' }).click()
  }
  await enter((codes[3] ?? '').toLowerCase().replaceAll('-', ' '))
  await expect(page.getByText('9 of 10 codes are left.')).toBeVisible()
  expect((await smtp.next(email)).text).toContain('9 codes still work')
  await signOut(page)
  await enter(codes[3] ?? '')
  await expect(page.getByRole('alert').filter({ hasText: 'used already' })).toBeVisible()

  // New ones end the old ones.
  await enter(codes[4] ?? '')
  await page.getByRole('button', { name: 'Make new codes' }).click()
  await page.getByRole('dialog').getByRole('button', { name: 'Make new codes' }).click()
  await expect(page.getByRole('heading', { name: /Your recovery codes/ })).toBeVisible()
  await signOut(page)
  await enter(codes[5] ?? '')
  await expect(page.getByRole('alert').filter({ hasText: 'used already' })).toBeVisible()
})

test('guesses of recovery codes run out, and somebody else’s code opens nothing', async ({ page }) => {
  const [victim, thief] = [await newMember(server), await newMember(server)]
  await signInTo(page, base, thief)
  const codes = await makeCodes(page)
  await signOut(page)
  await page.getByRole('button', { name: 'Use a recovery code' }).click()
  await page.getByLabel('E-mail address or user name').fill(victim)
  const button = page.getByRole('button', { name: 'Sign in with this code' })
  for (let guess = 0; guess < 20; guess++) {
    await page.getByLabel('Recovery code').fill(codes[guess] ?? `AAAA-${guess}`)
    await button.click()
    await expect(page.getByRole('alert').filter({ hasText: 'used already' })).toBeVisible()
    await expect(button).toBeEnabled()
  }
  await button.click()
  await expect(page.getByRole('alert').filter({ hasText: 'Too many tries' })).toBeVisible()
})

test('a new password ends every other session, apps included, and is told by mail', async ({ page, browser }) => {
  const email = await newMember(server)
  await using elsewhere = await browser.newContext()
  const other = await elsewhere.newPage()
  await signInTo(other, base, email)
  await signInTo(page, base, email)
  const change = async (first: string, second: string) => {
    await page.getByLabel('New password').fill(first)
    await page.getByLabel('The same again').fill(second)
    await page.getByRole('button', { name: 'Save the new password' }).click()
  }
  await page.getByRole('button', { name: 'Change the password' }).click()
  await change('short', 'short')
  await expect(page.getByRole('alert').filter({ hasText: 'At least 8' })).toBeVisible()
  await change('quite another password', 'quite another passwort')
  await expect(page.getByRole('alert').filter({ hasText: 'not the same' })).toBeVisible()
  await change('quite another password', 'quite another password')
  await expect(page.getByText('Your password is changed')).toBeVisible()
  expect((await smtp.next(email)).headers.subject).toBe('Your Hearthkeep Password Was Changed')

  await other.reload()
  await expect(other).toHaveURL(/\/sign-in/)
  await typePassword(other, email, memberPassword)
  await expect(other.getByRole('alert').filter({ hasText: 'do not belong' })).toBeVisible()
  await typePassword(other, email, 'quite another password')
  await expect(other).toHaveURL(`${base}/home/security`)
})

test('a session ended from elsewhere is over at once, in what it was doing too', async ({ page, browser }) => {
  const email = await newMember(server)
  await using elsewhere = await browser.newContext({
    userAgent: 'Mozilla/5.0 (iPhone; CPU iPhone OS 19_0) Version/19.0 Mobile Safari/604.1',
  })
  const phone = await elsewhere.newPage()
  await signInTo(phone, base, email)
  await signInTo(page, base, email, '/home/devices')
  await page.getByRole('button', { name: 'Sign out Safari on iPhone' }).click()
  await expect(card(page, 'Browsers').getByRole('listitem')).toHaveCount(1)
  await phone.getByRole('button', { name: 'Make recovery codes' }).click()
  await expect(phone.getByText('You are signed out').or(phone.getByRole('heading', { name: 'Sign in' }))).toBeVisible()
  await phone.goto(`${base}/home/security`)
  await expect(phone).toHaveURL(/\/sign-in/)

  await signInTo(phone, base, email)
  await page.reload()
  await page.getByRole('button', { name: 'Sign out everywhere else' }).click()
  await page.getByRole('dialog').getByRole('button', { name: 'Sign out everywhere else' }).click()
  await expect(page.getByText('Everything else is signed out.')).toBeVisible()
  await phone.reload()
  await expect(phone).toHaveURL(/\/sign-in/)
})

test('a disabled or reset account is out at once', async ({ page }) => {
  const email = await newMember(server)
  await signInTo(page, base, email)
  const { stdout } = await hearthkeep(['admin', 'reset-link', email, '--json'], {
    HEARTHKEEP_DATA_DIR: server.dataFolder,
  })
  const code = new URL((JSON.parse(stdout) as { link: string }).link).searchParams.get('reset_code') ?? ''
  const reset = await fetch(`${server.url}/password/reset`, {
    method: 'POST',
    body: new URLSearchParams({ email, reset_code: code, password: 'set by a reset link' }),
  })
  expect(reset.status).toBe(200)
  await page.reload()
  await expect(page).toHaveURL(/\/sign-in/)
})

test('the security page is good in every look, with its dialogs', async ({ page }) => {
  const email = await newMember(server)
  await addAuthenticator(page)
  const { complaints } = watch(page, base)
  await signInTo(page, base, email)
  await addPasskey(page)
  await makeCodes(page)
  await page.getByRole('button', { name: 'Change the password' }).click()
  await page.getByRole('button', { name: 'Dismiss' }).click()
  await expectGoodLooks(page, 'security/full')
  await card(page, 'Passkeys')
    .getByRole('button', { name: /^Remove/ })
    .click()
  await expectGoodLooks(page, 'security/dialog')
  await page.emulateMedia({ media: 'print' })
  await shoot(page, 'security/codes-on-paper')
  expect(complaints).toEqual([])
})
