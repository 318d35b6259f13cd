import { expect, type Page, type Request, test } from '@playwright/test'
import { keeper, startKeptServer } from '#e2e/support/keeper.ts'
import { localhost, newMember, signInTo } from '#e2e/support/members.ts'
import { startSmtpServer } from '#e2e/support/smtp-server.ts'
import { expectGoodPage } from './page-quality.ts'

/** One setting that the environment gives, and one that the test's server usually has from there. */
const given = { HEARTHKEEP_RP_NAME: 'Given', HEARTHKEEP_REGISTRATION: '', HEARTHKEEP_HTTPS_PORT: '0' }

test('a keeper changes the server as it runs, is told what waits, and finds it all again after a restart', async ({
  browser,
}) => {
  test.setTimeout(120_000)
  await using smtp = await startSmtpServer()
  await using server = await startKeptServer({ env: given })
  await using context = await browser.newContext({ viewport: { width: 360, height: 760 } })
  const page = await context.newPage()
  await signInTo(page, localhost(server), keeper.email, '/admin/server')

  await test.step('mail: what is refused is marked, what works is tried, the password is not shown again', async () => {
    await page.getByRole('link', { name: 'Mail', exact: true }).click()
    await expect(page.getByText('Set a mail server first.')).toBeVisible()
    const url = page.getByLabel('Mail server', { exact: true })
    await url.fill('https://planted-secret@mail.example')
    await save(page, 'Mail')
    await expect(page.getByText('Nothing was saved yet: look at the marked settings.')).toBeVisible()
    await expect(url).toHaveAttribute('aria-invalid', 'true')
    await expectGoodPage(page)
    await url.fill('smtp://127.0.0.1:1')
    await saved(page, 'Mail')
    await page.getByRole('button', { name: 'Send a test mail' }).click()
    await expect(page.getByText(/It was not sent: the .*\((ESOCKET|ECONNECTION)\)/)).toBeVisible()
    await url.fill(smtp.url.replace('smtp://', 'smtp://keeper:planted-secret@'))
    await page.getByLabel('Sender').fill('house@home.test')
    await saved(page, 'Mail')
    await expect(url).toHaveValue('')
    await url.fill(smtp.url)
    await saved(page, 'Mail')
    await page.getByLabel('Send it to').fill('mum@home.test')
    await page.getByRole('button', { name: 'Send a test mail' }).click()
    await expect(page.getByText('The mail server has taken the mail to mum@home.test.')).toBeVisible()
    const mail = await smtp.next('mum@home.test')
    expect([mail.from, mail.subject]).toEqual(['house@home.test', 'A Test Mail from Hearthkeep'])
    await context.addCookies([{ name: 'language', value: 'de', url: localhost(server) }])
    await page.getByRole('button', { name: 'Send a test mail' }).click()
    expect((await smtp.next('mum@home.test')).subject).toBe('Eine Probemail von Hearthkeep')
    await context.clearCookies({ name: 'language' })
    expect(await page.content()).not.toContain('planted-secret')
  })

  await test.step('rules hold at once, for apps and pages', async () => {
    await page.goto(`${localhost(server)}/admin/server/rules`)
    expect(await signUp(server.url)).toBe(403)
    await page.getByLabel('New accounts').selectOption('anybody in the house')
    await saved(page, 'Who may join')
    expect(await signUp(server.url)).toBe(200)
    await page.getByLabel('Fewest characters of a new password').fill('12')
    await saved(page, 'Passwords and sign-ins')
    await page.getByLabel('Largest persona').fill('200 MB')
    await save(page, 'Limits')
    await expect(page.getByText('This cannot be taken as it is.')).toBeVisible()
    await page.getByLabel('Largest persona').fill('1,5 MB')
    await saved(page, 'Limits')
    await page.reload()
    await expect(page.getByLabel('Largest persona')).toHaveValue('1536 KB')
  })

  await test.step('nobody else can save settings, nor a page of somebody else’s', async () => {
    await page.goto(`${localhost(server)}/admin/server/mail`)
    const [sent] = await Promise.all([page.waitForRequest((request) => request.method() === 'POST'), saveAgain(page)])
    const send = (headers: Record<string, string>) => replay(sent, headers)
    const keepers = (await sent.allHeaders()).cookie ?? ''
    expect(await send({ cookie: keepers, origin: localhost(server) })).toMatch(/^200 .*"ok":true/s)
    expect(await send({ cookie: keepers, origin: 'https://evil.example' })).toMatch(/^403 /)
    expect(await send({ cookie: keepers })).toMatch(/^4/)
    expect(await send({ origin: localhost(server) })).toContain('auth.signed_out')
    await using members = await browser.newContext()
    await signInTo(await members.newPage(), localhost(server), await newMember(server), '/home')
    const theirs = (await members.cookies()).map(({ name, value }) => `${name}=${value}`).join('; ')
    expect(await send({ cookie: theirs, origin: localhost(server) })).toContain('not_found')
  })

  await test.step('what the environment gives is locked, and what needs a restart waits for it', async () => {
    await page.goto(`${localhost(server)}/admin/server/apps`)
    await expect(page.getByLabel('What passkeys are labelled with')).toBeDisabled()
    await expect(page.getByText('(HEARTHKEEP_RP_NAME)')).toBeVisible()
    await page.goto(`${localhost(server)}/admin/server/network`)
    const fingerprint = page.locator('code').first()
    const before = await fingerprint.textContent()
    await page.getByRole('button', { name: 'Renew now' }).click()
    await expect(fingerprint).not.toHaveText(String(before))
    await page.getByLabel('Name in the house').fill('hearth.local')
    await saved(page, 'Name and addresses')
    await expect(page.getByText('Changed; takes effect after the next restart of the server.')).toBeVisible()
    await page.getByLabel('Certificate', { exact: true }).selectOption('from files of mine')
    await save(page, 'Encryption')
    await expect(page.getByText('This is needed for what the other settings say.')).toHaveCount(2)
  })

  await test.step('the metrics token is shown once', async () => {
    await page.goto(`${localhost(server)}/admin/server/watching`)
    await page.getByRole('button', { name: 'Make a token' }).click()
    await page.getByRole('dialog').getByRole('button', { name: 'Make a token' }).click()
    await expect(page.getByText('The token, shown this once:')).toBeVisible()
    const token = await page.locator('code').first().textContent()
    expect(token).toMatch(/^[\w-]{43}$/)
    await page.reload()
    await expect(page.getByText('There is a token.')).toBeVisible()
    expect(await page.content()).not.toContain(token)
    await page.getByRole('link', { name: 'Warnings and errors' }).click()
    await expect(page.getByRole('link', { name: 'Warnings and errors' })).toHaveAttribute('aria-current', 'true')
  })

  await server.stop()
  await server.restart()
  await test.step('after a restart everything is as it was set', async () => {
    await page.goto(`${localhost(server)}/admin/server/network`)
    await expect(page.getByLabel('Name in the house')).toHaveValue('hearth.local')
    await expect(page.getByText('takes effect after the next restart')).toHaveCount(0)
    await expect(page.getByText('It does not speak for hearth.local')).toBeVisible()
    await page.getByRole('button', { name: 'Make a new authority' }).click()
    await page.getByRole('dialog').getByRole('button', { name: 'Make a new authority' }).click()
    await expect(page.getByText('It does not speak for hearth.local')).toHaveCount(0)
    await page.goto(`${localhost(server)}/admin/server`)
    const support = page.getByLabel('Text for somebody who helps', { exact: true })
    await expect(support).toHaveValue(/HEARTHKEEP_SMTP_URL: set \(kept\)/)
    await expect(support).not.toHaveValue(/hearth\.local|home\.test|127\.0\.0\.1/)
    await page.goto(`${localhost(server)}/home/activity`)
    await expect(page.getByText('HEARTHKEEP_HOSTNAME').first()).toBeVisible()
  })
})

async function save(page: Page, card: string): Promise<void> {
  await page.getByRole('form', { name: card, exact: true }).getByRole('button', { name: 'Save' }).click()
}

async function saved(page: Page, card: string): Promise<void> {
  await save(page, card)
  const news = page.getByRole('status').filter({ hasText: 'Saved.' })
  await expect(news).toBeVisible()
  await news.getByRole('button', { name: 'Dismiss' }).click()
  await expect(news).toHaveCount(0)
}

/** Change the sender, so that there is something to save. */
async function saveAgain(page: Page): Promise<void> {
  await page.getByLabel('Sender').fill('hearth@home.test')
  await saved(page, 'Mail')
}

/** Send what a page sent once more, as somebody else. @returns status and body */
async function replay(sent: Request, headers: Record<string, string>): Promise<string> {
  const all = await sent.allHeaders()
  const kept = Object.entries(all).filter(([name]) => /^(next-|accept|content-type)/.test(name))
  const answer = await fetch(sent.url(), {
    method: 'POST',
    headers: { ...Object.fromEntries(kept), ...headers },
    body: sent.postData(),
    redirect: 'manual',
  })
  return `${answer.status} ${await answer.text()}`
}

let people = 0

async function signUp(url: string): Promise<number> {
  const body = JSON.stringify({ email: `aunt+${++people}@home.test`, password: 'a password of some length' })
  const headers = { 'Content-Type': 'application/json' }
  return (await fetch(`${url}/accounts`, { method: 'POST', headers, body })).status
}
