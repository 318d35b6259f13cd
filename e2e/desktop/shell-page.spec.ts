import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, type Page, test } from '@playwright/test'
import { expectGoodPage, looks, watch } from '#e2e/browser/page-quality.ts'
import { bundleShell } from '#electron/bundle.ts'
import { pageFile, pagePolicy } from '#electron/navigation.ts'
import { type Situation, type View, viewOf } from '#electron/view.ts'
import { wordsFor } from '#electron/words/words.ts'

const folder = mkdtempSync(join(tmpdir(), 'hearthkeep-page-'))
const origin = 'http://shell.test'
test.beforeAll(() => bundleShell(folder))
test.afterAll(() => rmSync(folder, { recursive: true, force: true }))

const house = {
  ...{ pid: 1, version: '1.0.0', http: 'http://127.0.0.1:4180', https: 'https://a-rather-long-name.local:4443' },
  ...{ connect: 'http://a-rather-long-name.local:4180/connect', dataFolder: '/home/anna/.local/share/hearthkeep' },
  isSetUp: true,
}
const settings = { dataFolder: null, httpPort: null, isLanPaused: false }
const situations: Record<string, Situation> = {
  serving: { server: { kind: 'serving', house }, settings, update: { kind: 'ready', version: '2.0.0' }, pairing: null },
  failed: {
    server: {
      kind: 'failed',
      failure: { reason: 'port-in-use', port: 4180, words: `Port 4180 is in use\n${'x'.repeat(300)}` },
    },
    settings,
    update: { kind: 'none' },
    pairing: null,
  },
}

/** The shell's page in a browser, with a bridge that keeps what is asked in `window.asked`. */
async function openPage(page: Page, situation: Situation, locale = 'en'): Promise<View> {
  await page.route(`${origin}/**`, (route) => {
    const file = pageFile(route.request().url().replace(origin, 'hearthkeep://shell'))
    if (!file) return route.fulfill({ status: 204 })
    const headers = { 'Content-Type': file.type, 'Content-Security-Policy': pagePolicy }
    return route.fulfill({ headers, body: readFileSync(join(folder, 'page', file.name)) })
  })
  const { words, language } = wordsFor(locale)
  const view = viewOf(situation, words, language)
  await page.addInitScript((seen: View) => {
    const asked: string[] = []
    const bridge = {
      watch: (shown: (view: View) => void) => Object.assign(window, { shown }) && shown(seen),
      act: (action: string) => asked.push(action),
      copy: (text: string) => asked.push(`copy ${text}`),
    }
    Object.assign(window, { asked, hearthkeep: bridge })
  }, view)
  await page.goto(`${origin}/`)
  return view
}

for (const { name, width, colorScheme } of looks)
  test(`the shell’s page is good to look at and to use, in every state (${name})`, async ({ page }) => {
    const { complaints } = watch(page, origin)
    await page.setViewportSize({ width, height: 760 })
    await page.emulateMedia({ colorScheme })
    for (const [state, situation] of Object.entries(situations)) {
      const view = await openPage(page, situation, width === 360 ? 'de' : 'en')
      await expect(page.getByRole('status')).toContainText(view.heading)
      if (state === 'failed') await page.locator('summary').click()
      await expectGoodPage(page)
      await page.screenshot({ path: `test-results/shell-${state}-${width}-${colorScheme}.png`, fullPage: true })
      await page.unrouteAll()
    }
    expect(complaints).toEqual([])
  })

test('its buttons ask the shell, and the focus stays when the state is shown anew', async ({ page }) => {
  await openPage(page, situations.serving as Situation)
  await expect(page.getByRole('img', { name: 'QR code of the address that connects a device' })).toBeVisible()
  await page.getByRole('button', { name: 'Open Hearthkeep' }).click()
  await page.getByRole('button', { name: `Copy: ${house.https}` }).click()
  const pause = page.getByRole('button', { name: 'Keep other devices out' })
  await pause.focus()
  const { words } = wordsFor('en')
  await page.evaluate(
    (view) => (window as unknown as { shown(view: View): void }).shown(view),
    viewOf(situations.serving as Situation, words, 'en'),
  )
  await expect(pause).toBeFocused()
  await page.keyboard.press('Enter')
  expect(await page.evaluate(() => (window as unknown as { asked: string[] }).asked)).toEqual([
    ...['open', `copy ${house.https}`, 'pause-lan'],
  ])
})
