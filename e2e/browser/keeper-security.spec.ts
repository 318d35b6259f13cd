import { readFileSync } from 'node:fs'
import { expect, test } from '@playwright/test'
import { keeper, startKeptServer } from '#e2e/support/keeper.ts'
import { memberPassword, newMember, signInTo, typePassword } from '#e2e/support/members.ts'
import { personOf } from '#e2e/support/personas.ts'
import { expectGoodLooks, watch } from './page-quality.ts'

test('somebody who is locked out is let in again by the keeper, and is told what happened', async ({ browser }) => {
  await using server = await startKeptServer({ env: { HEARTHKEEP_RATE_LIMIT: 'on' } })
  // By address: a name may lead to another one of this machine, and places are told apart by it.
  const base = server.url
  const email = await newMember(server)
  // Their app comes first, from a place of its own.
  expect((await personOf(server.url, email, memberPassword).list()).status).toBe(200)
  for (let n = 0; n < 20; n++) await personOf(server.url, email, `wrong ${n}`).list()

  await using members = await browser.newContext()
  const page = await members.newPage()
  await page.goto(`${base}/sign-in`)
  await typePassword(page, email)
  await expect(page.getByRole('alert').filter({ hasText: /too many/i })).toBeVisible()

  await using keepers = await browser.newContext()
  const kept = await keepers.newPage()
  const { complaints } = watch(kept, base)
  await signInTo(kept, base, keeper.email, '/admin/security', keeper.password)
  const locks = kept.getByRole('region', { name: 'Locked out' })
  await expect(locks).toContainText(email)
  await expect(locks).toContainText('20 wrong passwords')
  await expectGoodLooks(kept, 'keeper-security/locked')
  await locks.getByRole('button', { name: `Lift the lock of ${email}` }).click()
  await expect(locks).toContainText('Nobody is locked out.')

  await typePassword(page, email)
  await expect(page).toHaveURL(`${base}/home`)
  const notices = page.getByRole('region', { name: 'New since you last looked' })
  await expect(notices.getByRole('listitem')).toHaveCount(2)
  await expect(notices).toContainText('Several sign-ins to your account were refused')
  await expect(notices).toContainText('Somebody signed in to your account from a new place')
  await expect(page.getByRole('link', { name: '2 new notices' })).toBeVisible()
  await expectGoodLooks(page, 'keeper-security/notices')
  await notices.getByRole('button', { name: 'Got it: Several sign-ins' }).click()
  await expect(page.getByRole('link', { name: '1 new notice' })).toBeVisible()
  await notices.getByRole('button', { name: /^Got it/ }).click()
  await expect(notices).toHaveCount(0)
  await expect(page.getByRole('link', { name: /new notice/ })).toHaveCount(0)

  await kept.getByLabel('Person').selectOption({ label: email })
  await kept.getByLabel('Kind').selectOption({ label: 'Refused and locked' })
  await kept.getByRole('button', { name: 'Show', exact: true }).click()
  await expect(kept).toHaveURL(/kind=refused/)
  const events = kept.getByRole('region', { name: 'What happened' })
  await expect(events.getByRole('listitem')).toHaveText([new RegExp(`${email.replace('+', '\\+')}.*20 times`)])
  await expect(kept.getByLabel('Person')).toHaveValue(/-/)
  const [file] = await Promise.all([
    kept.waitForEvent('download'),
    kept.getByRole('button', { name: 'Save as CSV' }).click(),
  ])
  expect(file.suggestedFilename()).toBe('hearthkeep-events.csv')
  const lines = readFileSync(await file.path(), 'utf8')
    .trim()
    .split('\r\n')
  expect(lines).toHaveLength(21)
  expect(lines[1]).toContain(`"session.refused","${email}","127.0.0.1"`)
  expect(complaints).toEqual([])

  // Older ones are a page away, and each is there once.
  await kept.getByRole('link', { name: 'Show everything' }).click()
  await expect(kept).toHaveURL(`${base}/admin/security`)
  await expect(events.getByRole('listitem').first()).toContainText(/Signed in|lifted|Proved/)
})
