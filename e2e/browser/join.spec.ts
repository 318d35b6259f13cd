import { expect, type Page, test } from '@playwright/test'
import { addAuthenticator } from '#e2e/support/authenticator.ts'
import { hearthkeep } from '#e2e/support/cli.ts'
import { startKeptServer } from '#e2e/support/keeper.ts'
import { localhost, memberPassword } from '#e2e/support/members.ts'
import { startServer, type TestServer } from '#e2e/support/server.ts'
import { expectGoodPage, watch } from './page-quality.ts'

let server: TestServer
let base: string
test.beforeAll(async () => {
  server = await startServer({
    env: {
      HEARTHKEEP_REGISTRATION: 'invite',
      HEARTHKEEP_ADMIN_EMAIL: 'keeper@home.test',
      HEARTHKEEP_ADMIN_PASSWORD: memberPassword,
    },
  })
  base = localhost(server)
})
test.afterAll(() => server?.[Symbol.asyncDispose]())

type Invitation = { id: string; code: string; link: string }

async function admin<T>(...args: string[]): Promise<T> {
  const { code, stdout, stderr } = await hearthkeep(['admin', ...args], { HEARTHKEEP_DATA_DIR: server.dataFolder })
  expect([code, stderr]).toEqual([0, ''])
  return (args.includes('--json') ? JSON.parse(stdout) : stdout) as T
}

const invite = (...args: string[]) => admin<Invitation>('invite', '--json', ...args)
const alert = (page: Page, words: string) => page.getByRole('alert').filter({ hasText: words })

async function fill(page: Page, name: string, password = memberPassword): Promise<void> {
  await page.getByLabel('E-mail address or user name').fill(name)
  await page.getByLabel('New password').fill(password)
  await page.getByLabel('The same again').fill(password)
  await page.getByRole('button', { name: 'Make my account' }).click()
}

test('the first person on a new server makes an account, a passkey and codes, and is in', async ({ page }) => {
  await using fresh = await startServer()
  const here = localhost(fresh)
  const { complaints } = watch(page, here)
  const authenticator = await addAuthenticator(page)
  await page.goto(`${here}/join`)
  await expect(page.getByText('Yours is the first')).toBeVisible()
  await expectGoodPage(page)
  await fill(page, 'not a name')
  await expect(alert(page, 'neither an e-mail address nor a user name')).toBeVisible()
  await fill(page, 'Ada@Home.test', 'short')
  await expect(alert(page, 'At least 8 characters')).toBeVisible()
  await fill(page, 'Ada@Home.test')

  await expect(page.getByRole('heading', { name: 'Sign in without a password' })).toBeVisible()
  await expectGoodPage(page)
  await page.getByRole('button', { name: 'Add a passkey' }).click()
  await expect(page.getByRole('heading', { name: 'In case you lose everything' })).toBeVisible()
  expect(await authenticator.count()).toBe(1)
  await page.getByRole('button', { name: 'Make my recovery codes' }).click()
  await expect(page.getByRole('listitem').filter({ hasText: /^(\w{4}-){4}\w{4}$/ })).toHaveCount(10)
  await expectGoodPage(page)
  await page.getByRole('button', { name: 'I have kept them' }).click()
  await expect(page).toHaveURL(`${here}/home`)
  await expect(page.getByText('ada@home.test').first()).toBeVisible()
  expect(complaints).toEqual([])
})

test('an invitation lets one person in, by its link or its code, and nobody after them', async ({ page, browser }) => {
  const { link, code } = await invite()
  const path = new URL(link).pathname
  await page.goto(`${base}${path}`)
  await expect(page.getByText('You are invited')).toBeVisible()
  await fill(page, 'keeper@home.test')
  await expect(alert(page, 'has that name already')).toBeVisible()
  await fill(page, 'bob_l')
  await page.getByRole('link', { name: 'Not now' }).click()
  await page.getByRole('link', { name: 'Not now' }).click()
  await expect(page).toHaveURL(`${base}/home`)

  // Whoever is in is not offered another account.
  await page.goto(`${base}${path}`)
  await expect(page.getByText('You are signed in as bob_l')).toBeVisible()

  await using elsewhere = await browser.newContext()
  const other = await elsewhere.newPage()
  await other.goto(`${base}${path}`)
  await expect(other.getByRole('heading', { name: 'This invitation does not work' })).toBeVisible()
  await other.getByRole('link', { name: 'Type a code' }).click()
  await other.getByLabel('Invitation code').fill(code)
  await other.getByRole('button', { name: 'Go on' }).click()
  await expect(alert(other, 'That code does not work')).toBeVisible()
  const next = await invite()
  await other.getByLabel('Invitation code').fill(next.code.toLowerCase().replaceAll('-', ' '))
  await other.getByRole('button', { name: 'Go on' }).click()
  await expect(other.getByText('You are invited')).toBeVisible()
})

test('two people with one last use: one is in, the other is told', async ({ browser }) => {
  const { link } = await invite()
  await using contexts = new AsyncDisposableStack()
  const pages = await Promise.all(
    ['one', 'two'].map(async (name) => {
      const page = await contexts.use(await browser.newContext()).newPage()
      await page.goto(`${base}${new URL(link).pathname}`)
      return { page, name: `racer_${name}` }
    }),
  )
  await Promise.all(pages.map(({ page, name }) => fill(page, name)))
  const ends = await Promise.all(
    pages.map(({ page }) =>
      Promise.race([
        page.waitForURL(/\/join\/passkey$/).then(() => 'in'),
        alert(page, 'does not work any more')
          .waitFor()
          .then(() => 'told'),
      ]),
    ),
  )
  expect(ends.toSorted()).toEqual(['in', 'told'])
})

test('a revoked invitation, and one to be an admin', async ({ page }) => {
  const revoked = await invite()
  await admin('revoke-invitation', revoked.id)
  await page.goto(`${base}${new URL(revoked.link).pathname}`)
  await expect(page.getByRole('heading', { name: 'This invitation does not work' })).toBeVisible()
  const asAdmin = await invite('--role', 'admin')
  await page.goto(`${base}${new URL(asAdmin.link).pathname}`)
  await expect(page.getByText('you become an admin')).toBeVisible()
  expect(await admin<string>('invitations')).toMatch(new RegExp(`${revoked.id} {2}revoked`))
})

test('where nobody can join, it is said whom to ask', async ({ page }) => {
  await using closed = await startKeptServer({ env: { HEARTHKEEP_REGISTRATION: 'closed' } })
  await page.goto(closed.url)
  await expect(page.getByText('Ask the person who keeps this server')).toBeVisible()
  await expect(page.getByRole('link', { name: 'Make an account' })).toHaveCount(0)
  await page.goto(`${closed.url}/sign-in`)
  await expect(page.getByText('Ask the person who keeps this server')).toBeVisible()
  for (const path of ['/join', '/join/AAAA-BBBB-CCCC']) {
    await page.goto(`${closed.url}${path}`)
    await expect(page.getByRole('heading', { name: 'Nobody can join just now' })).toBeVisible()
  }
})

test('another site cannot make accounts here, nor a page that was open before the door was shut', async ({ page }) => {
  await using fresh = await startServer()
  await page.goto(`${fresh.url}/join`)
  const sent = page.waitForRequest((request) => request.method() === 'POST')
  await fill(page, 'first_one')
  const action = await sent
  await expect(page).toHaveURL(/\/join\/passkey$/)
  const { 'next-action': id = '', 'content-type': type = '' } = action.headers()
  const replay = (headers: Record<string, string>) =>
    fetch(`${fresh.url}/join`, {
      method: 'POST',
      headers: { 'Next-Action': id, 'Content-Type': type, ...headers },
      body: (action.postData() ?? '').replace('first_one', 'second_one'),
    })
  expect((await replay({ Origin: 'https://evil.example' })).status).toBe(403)
  expect((await replay({})).status).toBe(403)
  await fresh.stop()
  await fresh.restart({ HEARTHKEEP_REGISTRATION: 'closed' })
  const late = await fetch(`${fresh.url}/join`, {
    method: 'POST',
    headers: { 'Next-Action': id, 'Content-Type': type, Origin: fresh.url },
    body: (action.postData() ?? '').replace('first_one', 'second_one'),
  })
  expect(await late.text()).toContain('auth.registration_closed')
  expect(late.headers.get('set-cookie')).toBeNull()
})
