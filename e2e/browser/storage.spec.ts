import { mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, type Page, test } from '@playwright/test'
import { keeper, startKeptServer } from '#e2e/support/keeper.ts'
import { localhost, memberPassword, newMember, signInTo } from '#e2e/support/members.ts'
import { personOf } from '#e2e/support/personas.ts'
import { type S3Server, startS3Server } from '#e2e/support/s3-server.ts'
import type { TestServer } from '#e2e/support/server.ts'
import { expectGoodLooks, watch } from './page-quality.ts'

let server: TestServer
let s3: S3Server
let snapshots: string
test.beforeAll(async () => {
  ;[server, s3] = await Promise.all([startKeptServer(), startS3Server()])
  snapshots = mkdtempSync(join(tmpdir(), 'hearthkeep-snapshots-'))
})
test.afterAll(async () => {
  await server?.[Symbol.asyncDispose]()
  await s3?.stop()
  rmSync(snapshots, { recursive: true, force: true })
})

test('a keeper moves everything to S3 while a member saves; the old copies go when they say so', async ({ page }) => {
  test.setTimeout(120_000)
  const base = localhost(server)
  const { complaints } = watch(page, base)
  const personas = personasOf(await newMember(server))
  for (let count = 0; count < 30; count += 1) await personas.put(`persona ${count}`)
  await signInTo(page, base, keeper.email, '/admin/storage')
  const move = card(page, 'Move everything elsewhere')
  await expect(card(page, 'Where it is stored')).toContainText('30 files')

  await move.getByLabel('S3 storage').check()
  await fillBucket(page, { ...s3, bucket: 'no-such-bucket' })
  await move.getByRole('button', { name: 'Test it' }).click()
  await expect(move.getByText('A step failed, so this place cannot be used as it is.')).toBeVisible()
  await expect(move.getByRole('row', { name: /^Store failed/ })).toBeVisible()
  await fillBucket(page, s3)
  await move.getByRole('button', { name: 'Test it' }).click()
  await expect(move.getByText('Everything that is needed works.')).toBeVisible()
  await expectGoodLooks(page, 'storage-tested')

  await move.getByRole('button', { name: 'Move everything there' }).click()
  await personas.put('written on the way')
  const live = card(page, 'Moved')
  await expect(live.getByText('Everything is in the new place.')).toBeVisible({ timeout: 60_000 })
  await personas.put('written afterwards')
  await expect(card(page, 'Where it is stored')).toContainText(`In the bucket ${s3.bucket}`)
  await expectGoodLooks(page, 'storage-moved')
  await live.getByRole('button', { name: 'Remove the old copies now' }).click()
  await page.getByRole('dialog').getByRole('button', { name: 'Remove the old copies now' }).click()
  await expect(card(page, 'Move everything elsewhere')).toContainText('31 old copies were removed', { timeout: 30_000 })
  expect(objectsIn(join(server.dataFolder, 'blobs'))).toBe(0)
  for (const id of ['persona 0', 'persona 29', 'written on the way', 'written afterwards'])
    expect(await personas.get(id)).toBe(id)

  await card(page, 'Looking after it').getByRole('button', { name: 'Check everything now' }).click()
  await expect(card(page, 'Looking after it')).toContainText('Last whole round: 32 files, all whole')
  // The next start finds them there by itself.
  await server.stop()
  await server.restart()
  expect(await personas.get('persona 7')).toBe('persona 7')
  expect(complaints).toEqual([])
})

test('a keeper sends snapshots to a folder, makes the kit and proves that it is on paper', async ({ page }) => {
  test.setTimeout(120_000)
  const base = localhost(server)
  const { complaints } = watch(page, base)
  await signInTo(page, base, keeper.email, '/admin')
  const concern = 'See to it: Nothing is copied off this machine'
  await expect(page.getByRole('link', { name: concern })).toBeVisible()
  await page.getByRole('link', { name: concern }).click()
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Snapshots')

  const target = card(page, 'Where they go')
  await target.getByLabel('Folder', { exact: true }).fill('/no/such/disk')
  await target.getByRole('button', { name: 'Send snapshots there' }).click()
  await expect(target.getByText('There is no folder /no/such/disk. Is the disk plugged in?')).toBeVisible()
  await target.getByLabel('Folder', { exact: true }).fill(snapshots)
  await target.getByRole('button', { name: 'Send snapshots there' }).click()
  await expect(target.getByText(snapshots)).toBeVisible()
  expect(readdirSync(snapshots)).toEqual([])

  const kit = card(page, 'The recovery kit')
  await kit.getByRole('button', { name: 'Make the kit' }).click()
  const key = (await kit.getByTestId('recovery-key').innerText()).replace(/\s/g, '')
  expect(key).toMatch(/^HKR1(-[0-9A-Z]{4}){9}$/)
  await expectGoodLooks(page, 'snapshots-kit')
  await kit.getByLabel('The last four characters of the key, off the paper').fill('UUUU')
  await kit.getByRole('button', { name: 'I have it on paper' }).click()
  await expect(kit.getByText('That is not how the key ends.')).toBeVisible()
  await kit.getByLabel('The last four characters of the key, off the paper').fill(key.slice(-4).toLowerCase())
  await kit.getByRole('button', { name: 'I have it on paper' }).click()
  await expect(kit.getByText(/^Made /)).toBeVisible()
  await expect(page.getByText(key)).toHaveCount(0)

  const state = card(page, 'How it stands')
  await state.getByRole('button', { name: 'Take one now' }).click()
  await expect(state.getByText('A whole snapshot exists, and it stood its last test.')).toBeVisible({ timeout: 60_000 })
  await expect(card(page, 'What there is').getByRole('listitem')).toHaveCount(1)
  await expect(card(page, 'What there is')).toContainText('Tested green')
  await page.goto(`${base}/admin`)
  await expect(page.getByRole('heading', { level: 1 })).toBeVisible()
  await expect(page.getByRole('link', { name: concern })).toHaveCount(0)
  expect(complaints).toEqual([])
})

function card(page: Page, name: string) {
  return page.getByRole('region', { name, exact: true })
}

async function fillBucket(
  page: Page,
  account: Pick<S3Server, 'endpoint' | 'bucket' | 'accessKeyId' | 'secretAccessKey'>,
) {
  const move = card(page, 'Move everything elsewhere')
  await move.getByLabel('Address of the service').fill(account.endpoint)
  await move.getByLabel('Bucket', { exact: true }).fill(account.bucket)
  await move.getByLabel('Access key').fill(account.accessKeyId)
  await move.getByLabel('Secret key').fill(account.secretAccessKey)
}

/** As an app keeps them. */
function personasOf(email: string) {
  const person = () => personOf(server.url, email, memberPassword)
  return {
    put: async (id: string) => expect((await person().put(id, id)).status).toBeLessThan(300),
    get: async (id: string) => (await person().get(id)).text(),
  }
}

function objectsIn(folder: string): number {
  return readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile()).length
}
