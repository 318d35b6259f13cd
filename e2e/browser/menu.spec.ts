import { expect, type Locator, test } from '@playwright/test'
import { fullMember } from '#e2e/support/full-member.ts'
import { newMember, signInTo } from '#e2e/support/members.ts'
import { password } from '#e2e/support/otp.ts'
import { startServer, type TestServer } from '#e2e/support/server.ts'
import { expectGoodPage, shoot } from './page-quality.ts'

let server: TestServer
test.beforeAll(async () => {
  server = await startServer()
})
test.afterAll(() => server?.[Symbol.asyncDispose]())

test('on a phone the bar’s menu opens by keyboard, leads on, closes, and gives the focus back', async ({ page }) => {
  const email = await newMember(server)
  await page.setViewportSize({ width: 360, height: 720 })
  await signInTo(page, server.url, email, '/home')
  const more = page.getByRole('button', { name: 'More' })
  const account = page.getByRole('link', { name: 'Account' })
  await more.focus()
  await page.keyboard.press('Enter')
  await expect(account).toBeVisible()
  await expectGoodPage(page)
  await shoot(page, 'menu')
  await page.keyboard.press('Escape')
  await expect(account).toBeHidden()
  await expect(more).toBeFocused()

  await more.click()
  await page.getByRole('link', { name: 'Devices' }).click()
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Devices')
  await expect(account).toBeHidden()
})

test('on a small laptop every section is in sight at the side', async ({ page }) => {
  const email = await newMember(server)
  await page.setViewportSize({ width: 1280, height: 720 })
  await signInTo(page, server.url, email, '/home')
  for (const name of ['Home', 'Account']) await expect(page.getByRole('link', { name, exact: true })).toBeInViewport()
})

test('the bell stays inside the side, however wide the letters of the system are', async ({ page }) => {
  const { email } = await fullMember(server)
  await page.setViewportSize({ width: 1280, height: 720 })
  await signInTo(page, server.url, email, '/home', password)
  const rightOf = async (part: Locator) => {
    const box = await part.boundingBox()
    return box ? box.x + box.width : Number.NaN
  }
  const side = page.getByRole('banner')
  expect(await rightOf(side.locator('a[href="/home#notices"]'))).toBeLessThanOrEqual(await rightOf(side))
})
