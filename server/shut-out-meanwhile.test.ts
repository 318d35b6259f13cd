import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { createDeviceKeys } from '#client/surfaces/cloud-backup/device-keys.ts'
import { createBackupAccount } from '#client/surfaces/factors/backup-account.ts'
import { createSigningKey, keypairAuthorization } from '#client/surfaces/factors/signing-key.ts'
import { backupForm } from '#e2e/support/factors-multipart.ts'
import { changePassword } from '#server/people/change-password.ts'
import { openCloudSession } from '#server/people/cloud-session.ts'
import { createAccount } from '#server/people/create-account.ts'
import { endOtherSessions } from '#server/people/end-sessions.ts'
import { disableAccount, orderDeletion } from '#server/people/shut-account.ts'
import type { WebActor } from '#server/people/web-session.ts'
import { addDevice, removeDevice } from '#server/surfaces/cloud-backup/devices.ts'
import { listDevices, readSlot, slotOf } from '#server/surfaces/cloud-backup/store.ts'
import { NewDevice } from '#server/surfaces/cloud-backup/wire.ts'
import { createByMember } from '#server/surfaces/factors/create-by-member.ts'
import { keypairChallenge } from '#server/surfaces/factors/issue-challenge.ts'
import { listLinkedBackups } from '#server/surfaces/factors/link-store.ts'
import { routeTable } from '#server/surfaces/index.ts'
import { linkKey } from '#server/surfaces/oplog/link-key.ts'
import { hashUser } from '#server/surfaces/oplog/public-key.ts'
import { readUser } from '#server/surfaces/oplog/store.ts'
import { addDevice as addPlace } from '#server/surfaces/otp/add-device.ts'
import { addOtps } from '#server/surfaces/otp/add-otp.ts'
import { countOtpsByDevice } from '#server/surfaces/otp/store.ts'
import { readPersona } from '#server/surfaces/personas/store.ts'
import { someBytes, type TestHome, testHome } from './testing.ts'

/** What was let in at the door and is shut out while its body is on the way must not be kept. */

const here = { address: '127.0.0.1', userAgent: null }
const password = 'correct horse'
const basic = `Basic ${Buffer.from(`ada:${password}`).toString('base64')}`

let home: TestHome
let ada: WebActor
beforeEach(async () => {
  home = await testHome({ HEARTHKEEP_RATE_LIMIT: 'off' })
  const accountId = await createAccount(home.ctx, { username: 'ada', password }, null)
  ada = { ...home.session(accountId), name: 'ada', role: 'member', provenAt: home.clock.now() }
})
afterEach(() => home[Symbol.asyncDispose]())

/** Every way of shutting somebody out; each leaves other people and what is kept alone. */
const disable = () => home.ctx.db.write((tx) => disableAccount(home.ctx, tx, null, ada.accountId))
const condemn = () =>
  home.ctx.db.write((tx) => orderDeletion(home.ctx, tx, null, { personId: ada.accountId, deleteAt: home.clock.now() }))
const endSessions = () => endOtherSessions(home.ctx, ada)
const newPassword = () => changePassword(home.ctx, ada, 'battery staple', here.address)

type Sending = { path: string; headers: Record<string, string>; body: Uint8Array }

/** Send a request whose second half comes only after something has happened. */
async function send({ path, headers, body }: Sending, meanwhile?: () => unknown): Promise<Response> {
  const request = requestOf({ path, headers, body }, meanwhile)
  const match = routeTable.find(path)
  if (!match) throw new Error(`nothing is served at ${path}`)
  return routeTable.answer(home.ctx, match, request, { address: here.address, secure: true })
}

function requestOf({ path, headers, body }: Sending, meanwhile?: () => unknown): Request {
  const init: RequestInit & { duplex: 'half' } = {
    method: 'POST',
    headers: { 'Content-Length': String(body.length), ...headers },
    body: inHalves(body, meanwhile),
    duplex: 'half',
  }
  return new Request(`http://x${path}`, init)
}

function inHalves(body: Uint8Array, meanwhile: () => unknown = () => {}): ReadableStream<Uint8Array> {
  const middle = Math.floor(body.length / 2)
  let isBegun = false
  const pull = async (controller: ReadableStreamDefaultController<Uint8Array>) => {
    if (!isBegun) {
      isBegun = true
      return controller.enqueue(body.slice(0, middle))
    }
    await meanwhile()
    controller.enqueue(body.slice(middle))
    controller.close()
  }
  return new ReadableStream({ pull }, { highWaterMark: 0 })
}

const cloudToken = async (deviceId: string | null) =>
  (await openCloudSession(home.ctx, { accountId: ada.accountId, deviceId, ...here })).token

async function device(): Promise<string> {
  const keys = NewDevice.parse((await createDeviceKeys('phone')).registration)
  return (await addDevice(home.ctx, { ...ada, deviceId: null }, keys, here)).deviceId ?? ''
}

const toPersona = (body = someBytes(1_000)): Sending => ({
  path: '/personas/keys',
  headers: { Authorization: basic, 'Content-Type': 'application/zip' },
  body,
})
const toSlot = (token: string, version: number, body = someBytes(1_000)): Sending => ({
  path: '/v1/backup',
  headers: { Authorization: `Bearer ${token}`, 'If-Match': `"${version}"` },
  body,
})

/** Nothing of it is kept, in the database or in the store. */
function expectNothingLeft(objects: string[]): void {
  expect(home.objectsOnDisk()).toEqual(objects)
  expect(home.partialsOnDisk()).toEqual([])
}

test.each([
  ['is shut out by the keeper', disable],
  ['is about to be deleted', condemn],
  ['has another password', newPassword],
])('an upload of a persona is refused whose owner %s meanwhile', async (_, shutOut) => {
  expect((await send(toPersona())).status).toBe(200)
  const [objects, before] = [home.objectsOnDisk(), readPersona(home.ctx.db.read, { ...ada, personaId: 'keys' })]
  const refused = await send(toPersona(), shutOut)
  expect([refused.status, await refused.text()]).toEqual([401, 'Access denied'])
  expect(readPersona(home.ctx.db.read, { ...ada, personaId: 'keys' })).toEqual(before)
  expectNothingLeft(objects)
})

test.each([
  ['is shut out by the keeper', disable],
  ['is about to be deleted', condemn],
  ['signs everything else out', endSessions],
  ['has another password', newPassword],
])('an upload to a slot is refused whose owner %s meanwhile', async (_, shutOut) => {
  const token = await cloudToken(null)
  expect((await send(toSlot(token, 0))).status).toBe(200)
  const mine = slotOf({ ...ada, deviceId: null })
  const [objects, before] = [home.objectsOnDisk(), readSlot(home.ctx.db.read, mine)]
  const refused = await send(toSlot(token, 1), shutOut)
  expect([refused.status, await refused.json()]).toEqual([401, { error: 'Unauthorized' }])
  expect(readSlot(home.ctx.db.read, mine)).toEqual(before)
  expectNothingLeft(objects)
})

test('so is one that is sent again, which would only be told that it is there', async () => {
  const token = await cloudToken(null)
  const bytes = someBytes(1_000)
  expect((await send(toSlot(token, 0))).status).toBe(200)
  expect((await send(toSlot(token, 1, bytes))).status).toBe(200)
  expect((await send(toSlot(token, 1, bytes))).status).toBe(200)
  expect((await send(toSlot(token, 1, bytes), endSessions)).status).toBe(401)
})

test('an upload to the slot of a device that is taken away meanwhile is refused, and another device’s is not', async () => {
  const [lost, mine] = [await device(), await device()]
  const [lostToken, token] = [await cloudToken(lost), await cloudToken(mine)]
  const remove = () => removeDevice(home.ctx, { ...ada, deviceId: null }, lost)
  expect((await send(toSlot(lostToken, 0), remove)).status).toBe(401)
  expect(listDevices(home.ctx.db.read, ada.accountId)).toMatchObject([{ id: mine }])
  expectNothingLeft([])
  expect((await send(toSlot(token, 0))).status).toBe(200)
})

test('a token that runs out by itself while its upload is on the way does no harm', async () => {
  const token = await cloudToken(null)
  expect((await send(toSlot(token, 0), () => home.clock.move(3_600_000))).status).toBe(200)
})

test('a stolen token gets no device, and so no new session, out of a request that was begun before it was ended', async () => {
  const { registration } = await createDeviceKeys('thief')
  const headers = { Authorization: `Bearer ${await cloudToken(null)}`, 'Content-Type': 'application/json' }
  const body = Buffer.from(JSON.stringify(registration))
  expect((await send({ path: '/v1/devices', headers, body }, newPassword)).status).toBe(401)
  expect(listDevices(home.ctx.db.read, ada.accountId)).toEqual([])
})

test('a sealed backup that a member’s page makes is refused when the member is shut out meanwhile', async () => {
  const [main, sync] = [await createSigningKey(), await createSigningKey()]
  const create = async (meanwhile?: () => unknown) => {
    const challenge = () => keypairChallenge(home.ctx, { kind: 'CREATE' })
    const [toMain, toSync] = [await challenge(), await challenge()]
    const payload = {
      authorization: await keypairAuthorization(main, toMain.challenge),
      challengeToken: toMain.token,
      initialEncryptionKey: { kind: 'ICLOUD', encryptedKey: 'sealed' },
      initialSyncFactor: await keypairAuthorization(sync, toSync.challenge),
      initialSyncChallengeToken: toSync.token,
      manifestHash: '0'.repeat(64),
      backupAccountId: createBackupAccount().id,
    }
    const { body, type } = backupForm(payload, someBytes(1_000))
    const sending = { path: '/home/backups/create', headers: { 'Content-Type': type }, body }
    const request = requestOf(sending, meanwhile)
    return createByMember(home.ctx, { ...ada, name: 'Papers', device: null }, { request, address: here.address })
  }
  const refused = await create(disable)
  expect([refused.status, await refused.json()]).toMatchObject([401, { error: { code: 'auth_signed_out' } }])
  expect(listLinkedBackups(home.ctx.db.read, ada.accountId)).toEqual([])
  expectNothingLeft([])
})

test('a code is not kept whose sender was signed out while the PIN was being stretched', async () => {
  const { ctx } = home
  const { id: deviceId } = await addPlace(ctx, ada, { name: 'phone', password: '1234' }, here.address)
  const phone = home.session(ada.accountId)
  const stretch = ctx.passwords.stretch.bind(ctx.passwords)
  vi.spyOn(ctx.passwords, 'stretch').mockImplementationOnce(async (...given) => {
    await endSessions()
    return stretch(...given)
  })
  const adding = addOtps(ctx, phone, { deviceId, password: '1234' }, [{ account: 'bank', secret: 's' }], here.address)
  await expect(adding).rejects.toMatchObject({ code: 'auth.signed_out' })
  expect(countOtpsByDevice(ctx.db.read, ada.accountId).size).toBe(0)
})

test('a long operation is refused whose log is frozen with its owner while the bytes go to the store', async () => {
  const user = 'a public key'
  const proven = { userHash: hashUser(user), hash: 'of a proof', expiresAt: 0 }
  await linkKey(home.ctx, ada, { proven, name: null, address: here.address })
  const { vault } = home.ctx
  const stage = vault.stage.bind(vault)
  vi.spyOn(vault, 'stage').mockImplementationOnce(async (...given) => {
    const staged = await stage(...given)
    await disable()
    return staged
  })
  const operation = { client_id: home.ctx.ids.uuid(), operation_index: 0, payload: 'x'.repeat(20_000) }
  const body = Buffer.from(JSON.stringify({ user, ...operation }))
  const refused = await send({ path: '/sync', headers: { 'Content-Type': 'application/json' }, body })
  expect([refused.status, await refused.json()]).toMatchObject([403, { error: 'log_frozen' }])
  expect(readUser(home.ctx.db.read, proven.userHash)?.operations).toBe(0)
  expectNothingLeft([])
})
