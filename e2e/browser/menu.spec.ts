import { expect, test } from '@playwright/test'
import { newMember, signInTo } from '#e2e/support/members.ts'
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
