import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { type Browser, type CDPSession, expect, type Page, test } from '@playwright/test'
import { build } from 'esbuild'
import { startServer, type TestServer } from '#e2e/support/server.ts'

/*
 * Passkeys with PRF in real Chromium, by a virtual authenticator. Its credentials can be copied to another browser, but
 * what they derive (PRF) cannot: so a passkey that is synced between two devices is not shown here. A second device
 * opens the backup with the recovery key, and a second passkey is shown on a second authenticator.
 */

let server: TestServer
let origin: string
let bundle: string
test.beforeAll(async () => {
  const port = await freePort()
  // A relying party is a name; 127.0.0.1 is none.
  origin = `http://localhost:${port}`
  const relyingParty = { HEARTHKEEP_RP_ID: 'localhost', HEARTHKEEP_RP_ORIGINS: origin }
  server = await startServer({ env: { HEARTHKEEP_HTTP_PORT: String(port), ...relyingParty } })
  const built = await build({
    stdin: { contents: inPage, resolveDir: join(import.meta.dirname, '..', '..'), loader: 'ts' },
    bundle: true,
    write: false,
    format: 'iife',
    platform: 'browser',
  })
  bundle = built.outputFiles[0]?.text ?? ''
})
test.afterAll(() => server?.[Symbol.asyncDispose]())

/** What an app in a page would do, one function a step. */
const inPage = `
import { findDevice, forgetDevice, keepDevice, listDevices } from '#client/surfaces/factors/browser-devices.ts'
import { createBackup } from '#client/surfaces/factors/create-backup.ts'
import { ecFactor } from '#client/surfaces/factors/ec-factor.ts'
import { FactorBackupClient } from '#client/surfaces/factors/factor-backup-client.ts'
import { fileFromBlob } from '#client/surfaces/factors/file-source.ts'
import { joinAsSyncDevice } from '#client/surfaces/factors/join-as-sync-device.ts'
import { addMainFactor, deleteBackup, proveFactor, readDeviceMetadata, removeFactor } from '#client/surfaces/factors/manage-factors.ts'
import { openBackup } from '#client/surfaces/factors/open-backup.ts'
import { passkeyFactor } from '#client/surfaces/factors/passkey-factor.ts'
import { createRecoveryKey, readRecoveryKey, recoveryFactorKey, writeRecoveryKey } from '#client/surfaces/factors/recovery-key.ts'
import { resetBackup } from '#client/surfaces/factors/reset-backup.ts'
import { readHistory, restoreBackup } from '#client/surfaces/factors/restore-backup.ts'
import { syncBackup } from '#client/surfaces/factors/sync-backup.ts'

const client = new FactorBackupClient({ server: location.origin })
const names = { name: 'alice', displayName: 'Alice' }
const files = (text) => [fileFromBlob('notes.txt', new Blob([text]))]
const textIn = (opened) => new TextDecoder().decode(opened.files.get('notes.txt'))
const factorFrom = async (recovery) =>
  recovery ? ecFactor(await recoveryFactorKey(readRecoveryKey(recovery))) : passkeyFactor()
const device = async () => (await listDevices())[0]
const factorIds = ({ factors, syncFactors }) => ({ main: factors.map(({ id }) => id), sync: syncFactors.map(({ id }) => id) })

window.app = {
  async create(text) {
    const recovery = await createRecoveryKey()
    const factor = passkeyFactor({ names, label: 'Alice’s laptop' })
    const created = await createBackup(client, files(text), factor, { account: recovery.account })
    await keepDevice(created.device)
    const [main] = created.metadata.factors
    return { id: created.metadata.id, recovery: writeRecoveryKey(recovery), kind: main.kind.kind, label: main.kind.label }
  },
  async devices() {
    return (await listDevices()).map(({ backupId, signing, backupKey }) => ({
      backupId, signs: signing.privateKey.extractable, opens: backupKey.extractable,
    }))
  },
  async sync(text, onConflict) {
    let sent = 0
    const onProgress = ({ loaded }) => { sent = loaded }
    const synced = await syncBackup(client, await device(), files(text), { onConflict, onProgress })
    await keepDevice(synced.device)
    if (sent === 0) throw new Error('no progress was told')
    return synced.replaced
  },
  async open(recovery) {
    return textIn(await openBackup(client, await factorFrom(recovery)))
  },
  async openAndJoin(recovery) {
    const opened = await openBackup(client, await factorFrom(recovery))
    await keepDevice(await joinAsSyncDevice(client, opened))
    return textIn(opened)
  },
  async openKnowing(acceptOlder) {
    const { seen } = await device()
    return textIn(await openBackup(client, passkeyFactor(), { seen, acceptOlder }))
  },
  async addRecoveryKey(recovery) {
    const existing = passkeyFactor()
    const opened = await openBackup(client, existing)
    const result = await addMainFactor(client, opened, { existing, added: await factorFrom(recovery) })
    return result.opened.metadata.keys.map(({ kind }) => kind)
  },
  async addPasskey(recovery) {
    const existing = await factorFrom(recovery)
    const opened = await openBackup(client, existing)
    const added = passkeyFactor({ names: { name: 'alice', displayName: 'Alice, key ring' }, label: 'key ring' })
    const result = await addMainFactor(client, opened, { existing, added })
    return result.opened.metadata.keys.map(({ kind }) => kind)
  },
  async prove() {
    const { keys } = await readDeviceMetadata(client, await device())
    return proveFactor(client, passkeyFactor(), keys)
  },
  async factors() {
    return factorIds(await readDeviceMetadata(client, await device()))
  },
  async remove(factorId, scope) {
    const left = await removeFactor(client, await device(), factorId, { scope })
    return left && factorIds(left)
  },
  async removeBackup() {
    const kept = await device()
    await deleteBackup(client, kept)
    await forgetDevice(kept.backupId)
    return findDevice(kept.backupId)
  },
  async history() {
    return (await readHistory(client, passkeyFactor())).map(({ version, deletedAt }) => ({ version, deleted: deletedAt !== null }))
  },
  async restore(version) {
    return (await restoreBackup(client, passkeyFactor(), { version })).id
  },
  async reset(recovery) {
    await resetBackup(client, readRecoveryKey(recovery).account)
  },
  async status(id) {
    return client.status(id)
  },
}

window.call = async (step, args) => {
  try {
    return { value: await window.app[step](...args) }
  } catch (error) {
    return { reason: error.reason ?? String(error), next: error.next }
  }
}
`

type Outcome = { value?: unknown; reason?: string; next?: string }
type App = (step: string, ...args: unknown[]) => Promise<Outcome>
type Created = { id: string; recovery: string; kind: string; label: string }

async function openApp(page: Page): Promise<App> {
  await page.route(`${origin}/an-app`, (route) =>
    route.fulfill({ contentType: 'text/html', body: `<!doctype html><script>${bundle}</script>` }),
  )
  await page.goto(`${origin}/an-app`)
  return (step, ...args) =>
    page.evaluate(
      ([name, given]) => (window as unknown as { call(s: string, a: unknown[]): Outcome }).call(name, given),
      [step, args] as [string, unknown[]],
    )
}

type Authenticator = { cdp: CDPSession; id: string }

async function addAuthenticator(page: Page, options: { transport?: 'internal' | 'usb'; hasPrf?: boolean } = {}) {
  const cdp = await page.context().newCDPSession(page)
  await cdp.send('WebAuthn.enable')
  const { authenticatorId } = await cdp.send('WebAuthn.addVirtualAuthenticator', {
    options: {
      protocol: 'ctap2',
      ctap2Version: 'ctap2_1',
      transport: options.transport ?? 'internal',
      hasResidentKey: true,
      hasUserVerification: true,
      hasPrf: options.hasPrf ?? true,
      isUserVerified: true,
      automaticPresenceSimulation: true,
    },
  })
  return { cdp, id: authenticatorId }
}

/** Whether somebody touches it when it blinks. */
function attend({ cdp, id }: Authenticator, enabled: boolean) {
  return cdp.send('WebAuthn.setAutomaticPresenceSimulation', { authenticatorId: id, enabled })
}

async function secondBrowser(browser: Browser): Promise<App> {
  return openApp(await (await browser.newContext()).newPage())
}

async function create(app: App, text: string): Promise<Created> {
  const { value, reason } = await app('create', text)
  if (value === undefined) throw new Error(`create: ${reason}`)
  return value as Created
}

test('a passkey makes a backup and opens it again; the browser syncs with keys that nobody can read', async ({
  page,
}) => {
  const sent: string[] = []
  page.on('request', (request) => sent.push(request.postDataBuffer()?.toString('latin1') ?? ''))
  const authenticator = await addAuthenticator(page)
  const app = await openApp(page)
  const { id, kind, label } = await create(app, 'first, a findable text')
  expect([kind, label]).toEqual(['PASSKEY', 'Alice’s laptop'])
  await page.reload()

  expect(await app('devices')).toEqual({ value: [{ backupId: id, signs: false, opens: false }] })
  expect(await app('open')).toEqual({ value: 'first, a findable text' })
  expect(await app('prove')).toEqual({ value: { backupId: id, decrypts: true } })
  expect(await app('sync', 'second')).toEqual({ value: false })
  expect(await app('open')).toEqual({ value: 'second' })
  const { credentials } = await authenticator.cdp.send('WebAuthn.getCredentials', { authenticatorId: authenticator.id })
  expect(credentials).toHaveLength(1)

  // What the authenticator derived, and what it protects, never left the page.
  expect(sent.some((body) => body.includes('"prf":{"enabled":true}'))).toBe(true)
  for (const body of sent) for (const secret of ['"results"', 'findable']) expect(body).not.toContain(secret)
})

test('a second browser opens with the recovery key, syncs, and the first hears of it', async ({ page, browser }) => {
  await addAuthenticator(page)
  const one = await openApp(page)
  const { recovery } = await create(one, 'first')
  expect(await one('addRecoveryKey', recovery)).toEqual({ value: ['PRF', 'ICLOUD'] })

  const two = await secondBrowser(browser)
  expect(await two('openAndJoin', recovery)).toEqual({ value: 'first' })
  expect(await two('sync', 'from the second')).toEqual({ value: false })
  expect(await one('sync', 'from the first')).toMatchObject({
    reason: 'moved-on',
    next: expect.stringContaining('take its changes over'),
  })
  expect(await one('open')).toEqual({ value: 'from the second' })
  expect(await one('sync', 'from the first', 'replace')).toEqual({ value: true })
  expect(await two('open', recovery)).toEqual({ value: 'from the first' })
})

test('a second passkey opens by its own derived key, beside the first', async ({ page }) => {
  const laptop = await addAuthenticator(page)
  const app = await openApp(page)
  const { recovery } = await create(app, 'both')
  await app('addRecoveryKey', recovery)
  await attend(laptop, false)
  const keyRing = await addAuthenticator(page, { transport: 'usb' })
  // One key of the kind still, in the place of the one before.
  expect(await app('addPasskey', recovery)).toEqual({ value: ['ICLOUD', 'PRF'] })
  expect(await app('open')).toEqual({ value: 'both' })
  await attend(keyRing, false)
  await attend(laptop, true)
  expect(await app('open')).toEqual({ value: 'both' })
  const { value } = await app('factors')
  expect((value as { main: string[] }).main).toHaveLength(3)
})

test('factors are removed one by one, but not the last main factor by mistake', async ({ page, browser }) => {
  await addAuthenticator(page)
  const one = await openApp(page)
  const { recovery } = await create(one, 'first')
  await one('addRecoveryKey', recovery)
  const two = await secondBrowser(browser)
  await two('openAndJoin', recovery)

  const { main, sync } = (await one('factors')).value as { main: string[]; sync: string[] }
  expect(await one('remove', sync[1], 'SYNC')).toEqual({ value: { main, sync: [sync[0]] } })
  expect(await two('sync', 'x')).toMatchObject({ reason: 'factor-unknown' })
  expect(await one('remove', main[1], 'MAIN')).toEqual({ value: { main: [main[0]], sync: [sync[0]] } })
  expect(await two('open', recovery)).toMatchObject({ reason: 'factor-unknown' })
  expect(await one('remove', main[0], 'MAIN')).toMatchObject({ reason: 'last-main-factor' })
  expect(await one('open')).toEqual({ value: 'first' })
})

test('a deleted backup comes back by its passkey, an old version too; a reset is for good', async ({ page }) => {
  await addAuthenticator(page)
  const app = await openApp(page)
  const { id, recovery } = await create(app, 'first')
  await app('sync', 'second')
  expect(await app('restore', 1)).toEqual({ value: id })
  expect(await app('openKnowing', false)).toMatchObject({ reason: 'rolled-back' })
  expect(await app('openKnowing', true)).toEqual({ value: 'first' })

  expect(await app('removeBackup')).toEqual({ value: null })
  expect(await app('status', id)).toEqual({ value: null })
  expect(await app('open')).toMatchObject({ reason: 'factor-unknown' })
  expect((await app('history')).value).toMatchObject([{ deleted: true }])
  expect(await app('restore')).toEqual({ value: id })
  expect(await app('openAndJoin')).toEqual({ value: 'first' })

  expect(await app('reset', recovery)).toEqual({})
  expect(await app('status', id)).toEqual({ value: null })
  expect(await app('reset', recovery)).toMatchObject({ reason: 'nothing-stored' })
})

test('a passkey that cannot derive keys, or a person who declines, makes no backup', async ({ page }) => {
  const posts: string[] = []
  page.on('request', (request) => posts.push(new URL(request.url()).pathname))
  const plain = await addAuthenticator(page, { hasPrf: false })
  const app = await openApp(page)
  expect(await app('create', 'x')).toMatchObject({
    reason: 'passkey-without-prf',
    next: expect.stringContaining('recovery key'),
  })
  await plain.cdp.send('WebAuthn.removeVirtualAuthenticator', { authenticatorId: plain.id })
  const refusing = await addAuthenticator(page)
  await refusing.cdp.send('WebAuthn.setUserVerified', { authenticatorId: refusing.id, isUserVerified: false })
  expect(await app('create', 'x')).toMatchObject({ reason: 'passkey-cancelled' })
  expect(posts).not.toContain('/v1/create')
})

async function freePort(): Promise<number> {
  const probe = createServer().listen(0, '127.0.0.1')
  await once(probe, 'listening')
  const { port } = probe.address() as AddressInfo
  probe.close()
  await once(probe, 'close')
  return port
}
