import { expect, type Page } from '@playwright/test'

export const memberPassword = 'a password of some length'

let people = 0

/** Somebody with an account, made through the API as an app would. @returns their e-mail address */
export async function newMember(server: { url: string }, password = memberPassword): Promise<string> {
  const email = `dad+${++people}@home.test`
  const answer = await fetch(`${server.url}/accounts`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify({ email, password }),
  })
  expect(answer.status).toBe(200)
  return email
}

/** This server under the one name by which browsers allow passkeys without TLS. */
export function localhost({ url }: { url: string }): string {
  return url.replace('127.0.0.1', 'localhost')
}

/** Type name and password on the sign-in page that is open. */
export async function typePassword(page: Page, email: string, password = memberPassword): Promise<void> {
  await page.getByLabel('E-mail address or user name').fill(email)
  await page.getByLabel('Password', { exact: true }).fill(password)
  await page.getByRole('button', { name: 'Sign in with password' }).click()
}

/** Sign in by password, up to a page. */
export async function signInTo(
  page: Page,
  base: string,
  email: string,
  path = '/home/security',
  password = memberPassword,
): Promise<void> {
  await page.goto(`${base}${path}`)
  await typePassword(page, email, password)
  await expect(page).toHaveURL(`${base}${path}`)
}

/** Fill in and send the form that makes an account, up to what comes after it. */
export async function makeAccount(page: Page, name: string, password = memberPassword): Promise<void> {
  await page.getByLabel('New password').fill(password)
  await page.getByLabel('E-mail address or user name').fill(name)
  await page.getByLabel('The same again').fill(password)
  await page.getByRole('button', { name: 'Make my account' }).click()
}
