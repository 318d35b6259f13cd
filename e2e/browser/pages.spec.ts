import { globSync } from 'node:fs'
import { join } from 'node:path'
import { type BrowserContext, expect, type Page, test } from '@playwright/test'
import { fullMember } from '#e2e/support/full-member.ts'
import { keeper, startKeptServer } from '#e2e/support/keeper.ts'
import { localhost, newMember, typePassword } from '#e2e/support/members.ts'
import { password } from '#e2e/support/otp.ts'
import { startServer, type TestServer } from '#e2e/support/server.ts'
import { claimServer, makeKeeper } from '#e2e/support/setup.ts'
import { everyPage } from './every-page.ts'
import {
  expectGoodLooks,
  expectGoodPage,
  expectLight,
  expectStill,
  looks,
  telling,
  watch,
  watchShifts,
} from './page-quality.ts'

// The longest of all: both browsers share it.
test.describe.configure({ mode: 'parallel' })

let server: TestServer
let base: string
test.beforeAll(async () => {
  server = await startKeptServer()
})
test.beforeEach(() => {
  base = localhost(server)
})
test.afterAll(() => server?.[Symbol.asyncDispose]())

test('every page of the app is on the list', () => {
  const app = join(import.meta.dirname, '..', '..', 'app')
  const paths = globSync('**/page.tsx', { cwd: app }).map(
    (file) =>
      `/${file
        .split('/')
        .slice(0, -1)
        .filter((folder) => !folder.startsWith('('))
        .join('/')}`,
  )
  const listed = everyPage.map(({ path }) => path.split('?', 1)[0] ?? '')
  const isListed = (path: string) => listed.some((one) => sameRoute(path, one))
  expect(paths.filter((path) => !isListed(path))).toEqual([])
})

test('every page is good in every look', async ({ browser }) => {
  test.setTimeout(480_000)
  const member = await fullMember(server)
  await member.person.put(`a-very-long-name-${'x'.repeat(120)}`, 'PK long')
  await using context = await browser.newContext({ viewport: { width: 360, height: 760 } })
  await visitAll(context, ['stranger', 'member'], { email: member.email, password, hasThings: true, folder: 'pages' })
})

test('every page is good in German, with nothing on it yet', async ({ browser }) => {
  test.setTimeout(480_000)
  const email = await newMember(server, password)
  await using context = await browser.newContext({ viewport: { width: 1280, height: 760 }, locale: 'de-DE' })
  await visitAll(context, ['stranger', 'member'], { email, password, hasThings: false, folder: 'pages-empty-de' })
})

test('every page of set-up is good in German', async ({ browser }) => {
  test.setTimeout(480_000)
  await using fresh = await startServer()
  base = localhost(fresh)
  await using context = await browser.newContext({ viewport: { width: 360, height: 760 }, locale: 'de-DE' })
  const page = await context.newPage()
  await page.goto(`${base}/setup`)
  await page.getByRole('button', { name: 'English' }).click()
  await claimServer(page, fresh)
  await makeKeeper(page, keeper.email)
  await page.close()
  await context.clearCookies({ name: 'language' })
  await visitAll(context, ['founder'], { ...keeper, hasThings: false, folder: 'pages-setup-de' })
})

for (const locale of ['en-GB', 'de-DE'])
  test(`every page of a keeper is good in ${locale}`, async ({ browser }) => {
    test.setTimeout(480_000)
    await using kept = await startKeptServer()
    base = localhost(kept)
    await fullMember(kept)
    await using context = await browser.newContext({ viewport: { width: 360, height: 760 }, locale })
    await visitAll(context, ['keeper'], { ...keeper, hasThings: true, folder: `pages-keeper-${locale.slice(0, 2)}` })
  })

type Role = (typeof everyPage)[number]['by']
type Visitor = { email: string; password: string; hasThings: boolean; folder: string }

async function visitAll(context: BrowserContext, roles: Role[], visitor: Visitor): Promise<void> {
  const page = await context.newPage()
  await watchShifts(page)
  const { complaints } = watch(page, base)
  for (const role of roles) {
    if (role === 'member' || role === 'keeper') await signIn(context, visitor)
    const theirs = everyPage.filter(({ by, needsThings }) => by === role && (visitor.hasThings || !needsThings))
    for (const { path, isMissing, isLikeAnother } of theirs)
      await look(page, path, { ...visitor, isMissing, isLikeAnother, complaints })
  }
}

type Look = Visitor & { isMissing: true | undefined; isLikeAnother: true | undefined; complaints: string[] }

async function look(page: Page, path: string, { isMissing, isLikeAnother, complaints, folder }: Look): Promise<void> {
  await test.step(path, async () => {
    await page.goto(base + path)
    await expect(page.getByRole('heading', { level: 1 })).toBeVisible()
    await expect(page.locator('[aria-busy=true]')).toHaveCount(0)
    await expectStill(page)
    await expectLight(page)
    const picture = `${folder}/${path.replace(/[^a-z]+/g, '-').replace(/^-|-$/g, '') || 'front'}`
    if (isLikeAnother) await expectGoodPage(page)
    else await expectGoodLooks(page, picture, folder.endsWith('de') ? telling : looks)
    // Browsers report an answer of 404 themselves.
    const unexpected = isMissing ? complaints.filter((complaint) => !/status of 404/.test(complaint)) : complaints
    expect(unexpected).toEqual([])
    complaints.length = 0
  })
}

/** In a tab of its own: typing and leading on are other tests' business. */
async function signIn(context: BrowserContext, visitor: Visitor): Promise<void> {
  const page = await context.newPage()
  await page.goto(`${base}/sign-in`)
  if (await page.getByRole('button', { name: 'English' }).isVisible())
    await page.getByRole('button', { name: 'English' }).click()
  await typePassword(page, visitor.email, visitor.password)
  await expect(page).toHaveURL(`${base}/home`)
  await page.close()
  await context.clearCookies({ name: 'language' })
}

/** `/join/[token]` is `/join/abc`. */
function sameRoute(route: string, path: string): boolean {
  const [folders, parts] = [route.split('/'), path.split('/')]
  return (
    folders.length === parts.length && folders.every((folder, at) => folder.startsWith('[') || folder === parts[at])
  )
}
