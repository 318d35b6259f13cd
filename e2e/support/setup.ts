import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, type Page } from '@playwright/test'
import { makeAccount } from './members.ts'
import type { TestServer } from './server.ts'

/** The set-up code, as a person without a terminal finds it. */
export function setupCodeOf({ dataFolder }: TestServer): string {
  return readFileSync(join(dataFolder, 'setup-code'), 'utf8').trim()
}

/** Type the code on the first screen, and choose the way. */
export async function claimServer(
  page: Page,
  server: TestServer,
  way: 'Set up a new server' | 'Restore from a backup' = 'Set up a new server',
): Promise<void> {
  await page.getByLabel('Set-up code').fill(setupCodeOf(server))
  await page.getByRole('button', { name: way }).click()
  await expect(page).toHaveURL(/\/setup\/\w+$/)
}

/** Make the first admin, on the screen that asks for it. */
export async function makeKeeper(page: Page, name: string): Promise<void> {
  await makeAccount(page, name)
  await expect(page.getByRole('heading', { name: 'Sign in without a password' })).toBeVisible()
}

/** Answer every screen from here on with what it offers. */
export async function acceptTheRest(page: Page): Promise<void> {
  for (const step of ['name', 'storage']) {
    await expect(page).toHaveURL(new RegExp(`/setup/${step}$`))
    await page.getByRole('button', { name: 'Go on' }).click()
  }
  await page.getByRole('button', { name: 'Without mail' }).click()
  await page.getByRole('button', { name: 'Finish the set-up' }).click()
  await expect(page).toHaveURL(/\/admin\/ready$/)
}
