import { X509Certificate } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { expect, test } from '@playwright/test'
import { readPairingCode } from '#client/node/pairing/read-pairing-code.ts'
import { password } from '#e2e/support/cloud.ts'
import { signInTo } from '#e2e/support/members.ts'
import type { TestServer } from '#e2e/support/server.ts'
import { caOf, hostname, httpsOf, startHouse } from '#e2e/support/tls.ts'
import { openBrowser, trustedBy } from '#e2e/support/trusting-browser.ts'
import { expectGoodPage, looks, watch } from './page-quality.ts'

const iphone =
  'Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 Version/18.0 Mobile/15E148 Safari/604.1'
const how = trustedBy === 'store' ? 'by the CA in its store' : 'by its key, as there is no certutil here'

test.skip(process.platform !== 'linux', '127.0.0.2 is an address on Linux only')

let server: TestServer
test.beforeAll(async () => {
  server = await startHouse()
})
test.afterAll(() => server?.[Symbol.asyncDispose]())

/** As a device in the house comes to it: plain HTTP, by name. */
const plainly = () => `http://${hostname}:${new URL(server.url).port}`

test('a device that does not trust the server yet is told what to do', async () => {
  await using browser = await openBrowser(server, false)
  for (const { colorScheme, width } of looks) {
    await using context = await browser.newContext({ colorScheme, viewport: { width, height: 760 }, userAgent: iphone })
    const page = await context.newPage()
    await page.goto(`${plainly()}/connect`)
    await expect(page.getByText('This device does not trust Hearthkeep yet')).toBeVisible()
    await expect(page.getByText('Certificate Trust Settings')).toBeVisible()
    await expect(page.getByText(new X509Certificate(caOf(server)).fingerprint256)).toBeVisible()
    await expectGoodPage(page)
  }
})

test('the language can be changed before the server is trusted', async () => {
  await using browser = await openBrowser(server, false)
  await using context = await browser.newContext({ userAgent: iphone, viewport: { width: 360, height: 760 } })
  const page = await context.newPage()
  await page.goto(`${plainly()}/connect`)
  await page.getByRole('button', { name: 'Deutsch' }).click()
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Dieses Gerät verbinden')
  await expect(page.getByText('Dieses Gerät vertraut Hearthkeep noch nicht')).toBeVisible()
  await expectGoodPage(page)
})

test('every system has its steps, and what is downloaded is the CA', async () => {
  await using browser = await openBrowser(server, false)
  const page = await browser.newPage({ acceptDownloads: true })
  await page.goto(`${plainly()}/connect`)
  for (const system of ['iPhone and iPad', 'Android', 'Windows', 'Mac', 'Linux']) {
    const section = page.locator('details', { has: page.locator('summary', { hasText: system }) })
    if ((await section.getAttribute('open')) === null) await section.locator('summary').click()
    await expect(section.getByRole('link', { name: 'Download' })).toBeVisible()
    expect(await section.getByRole('listitem').count()).toBeGreaterThan(1)
  }
  const arriving = page.waitForEvent('download')
  await page.locator('details[open]').getByRole('link', { name: 'Download the certificate' }).click()
  expect(readFileSync(await (await arriving).path(), 'utf8')).toBe(caOf(server))
})

test(`a device that trusts it (${how}) is told so at once, over plain HTTP and HTTPS`, async () => {
  await using browser = await openBrowser(server, true)
  const page = await browser.newPage()
  const { complaints } = watch(page, '')
  await page.goto(`${plainly()}/connect`)
  await expect(page.getByText('This device trusts Hearthkeep.')).toBeVisible()
  await page.getByRole('link', { name: 'Open Hearthkeep, encrypted' }).click()
  await expect(page).toHaveURL(`${httpsOf(server)}/`)
  await page.goto(`${httpsOf(server)}/connect`)
  await expect(page.getByText('This device trusts Hearthkeep.')).toBeVisible()
  expect(complaints).toEqual([])
})

test(`everything else in the house leads to HTTPS (${how})`, async () => {
  await using browser = await openBrowser(server, true)
  const page = await browser.newPage()
  await page.goto(plainly())
  await expect(page).toHaveURL(`${httpsOf(server)}/`)
  await expect(page.getByRole('heading', { level: 1 })).toBeVisible()
  const protocol = await page.evaluate(
    () => (performance.getEntriesByType('navigation')[0] as PerformanceNavigationTiming).nextHopProtocol,
  )
  expect(protocol).toBe('h2')
})

test('the address for each kind of app can be copied, also over plain HTTP', async () => {
  await using browser = await openBrowser(server, false)
  const page = await browser.newPage()
  await page.goto(`${plainly()}/connect`)
  for (const [name, path] of [
    ['Cloud backup', ''],
    ['One-time passwords', '/graphql'],
    ['Operation log', '/sync'],
  ] as const) {
    await page.evaluate(() =>
      document.addEventListener(
        'copy',
        () => {
          ;(globalThis as { copied?: string }).copied =
            String(getSelection()) || (document.activeElement as HTMLTextAreaElement).value
        },
        { once: true },
      ),
    )
    await page.getByRole('button', { name: `Copy the address for ${name}` }).click()
    expect(await page.evaluate(() => (globalThis as { copied?: string }).copied)).toBe(httpsOf(server) + path)
  }
  await expect(page.getByRole('img', { name: `QR code of ${httpsOf(server)}` })).toBeVisible()
})

test(`who is signed in makes a code for the next device, a keeper also for the next person (${how})`, async () => {
  await using browser = await openBrowser(server, true)
  await using context = await browser.newContext()
  const page = await context.newPage()
  const { complaints } = watch(page, httpsOf(server))
  await signInTo(page, httpsOf(server), 'mum@home.test', '/home/security', password)
  await page.goto(`${httpsOf(server)}/connect`)
  await page.getByRole('button', { name: 'Make a code' }).click()
  await expect(page.getByRole('img', { name: 'QR code to connect a device' })).toBeVisible()
  await expect(page.getByText('It signs nobody in.')).toBeVisible()
  const code = () => page.getByText(/^(\w{4}-){2}\w{4}$/).innerText()
  const first = await code()
  for (const { colorScheme, width, name } of looks) {
    await page.emulateMedia({ colorScheme })
    await page.setViewportSize({ width, height: 900 })
    await expectGoodPage(page)
    await page.screenshot({ path: `test-results/pages/connect-code, ${name}.png`, fullPage: true })
  }

  await page.getByLabel('It is for somebody who has no account here yet').check()
  await page.getByRole('button', { name: 'Make another code' }).click()
  await expect(page.getByText('whoever scans it can make an account')).toBeVisible()
  const second = await code()
  expect(second).not.toBe(first)
  await page.evaluate(() =>
    Object.defineProperty(navigator, 'clipboard', {
      value: { writeText: async (text: string) => void Object.assign(globalThis, { copied: text }) },
    }),
  )
  await page.getByRole('button', { name: 'Copy the link to connect a device' }).click()
  const link = await page.evaluate(() => (globalThis as { copied?: string }).copied ?? '')
  expect(readPairingCode(link)).toMatchObject({ code: second.replaceAll('-', ''), invitation: expect.any(String) })
  await page.goto(`${httpsOf(server)}/home/activity`)
  await expect(page.getByText('You made a code to connect a device').first()).toBeVisible()
  expect(complaints).toEqual([])
})
