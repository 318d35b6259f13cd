import { scryptSync } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import Sqlite from 'better-sqlite3'
import { eq } from 'drizzle-orm'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { accounts, auditEvents, otpDevices, otps, otpUsers } from '#db/schema/index.ts'
import type { OtpActor } from '#server/people/otp-session.ts'
import { type TestHome, testHome } from '#server/testing.ts'
import { addDevice } from './add-device.ts'
import { addOtps } from './add-otp.ts'
import { changeDevicePassword, deleteDevice } from './change-device.ts'
import { readOtps } from './read-otps.ts'
import { claimUserId, pagesOfOtps, readDevice } from './store.ts'
import { readStretching } from './stretching.ts'
import { unwrapMasterKey } from './wrap-master-key.ts'

let house: TestHome
let ada: OtpActor
let deviceId: number
beforeEach(async () => {
  house = await testHome()
  ada = house.session(house.account())
  deviceId = (await addDevice(house.ctx, ada, { name: 'phone', password: '123456' }, here)).id
})
afterEach(() => house[Symbol.asyncDispose]())

const here = '127.0.0.1'
const minute = 60_000
const add = (account: string, secret: string, password = '123456') =>
  addOtps(house.ctx, ada, { deviceId, password }, [{ account, secret }], here)
const read = (password = '123456', actor = ada) => readOtps(house.ctx, actor, { deviceId, password }, here)
const wrong = { code: 'otp.pin_wrong' }
const locked = (minutes: number) => ({
  code: 'otp.device_locked',
  message: `Too many wrong passwords. Try again in ${minutes} minute${minutes === 1 ? '' : 's'}.`,
})
const events = (event: string) => house.ctx.db.read.select().from(auditEvents).where(eq(auditEvents.event, event)).all()

async function guess(times: number): Promise<void> {
  for (let n = 0; n < times; n++) await expect(read(`wrong ${n}`)).rejects.toMatchObject(wrong)
}

test('secrets come back to their PIN, in the order they were added', async () => {
  for (const [account, secret] of [
    ['Okta', 'A'],
    ['Gmail', 'schlüssel 🗝'],
    ['', ''],
  ] as const)
    await add(account, secret)
  expect(await read()).toMatchObject([
    { account: 'Okta', secret: 'A' },
    { account: 'Gmail', secret: 'schlüssel 🗝' },
    { account: '', secret: '' },
  ])
})

test('five wrong PINs lock for fifteen minutes, for the right one too, then for thirty', async () => {
  await add('Okta', 'A')
  await guess(4)
  expect(await read()).toHaveLength(1)
  await guess(1)
  await expect(read()).rejects.toMatchObject(locked(15))
  house.clock.move(14 * minute + 1000)
  await expect(read()).rejects.toMatchObject(locked(1))
  house.clock.move(minute)
  expect(await read()).toHaveLength(1)
  await guess(5)
  await expect(read()).rejects.toMatchObject(locked(30))
  expect(events('otp.pin_refused')).toHaveLength(10)
  expect(events('otp.device_locked')).toMatchObject([
    { accountId: ada.accountId, details: `{"device":${deviceId},"minutes":15}` },
    { accountId: ada.accountId, details: `{"device":${deviceId},"minutes":30}` },
  ])
})

test('of many wrong PINs at once five are tried, and a right one among them wins nothing more', async () => {
  const tries = await Promise.allSettled(Array.from({ length: 20 }, (_, n) => read(`wrong ${n}`)))
  const codes = tries.map((one) => (one.status === 'rejected' ? one.reason.code : 'opened'))
  expect(codes.filter((code) => code === 'otp.pin_wrong')).toHaveLength(5)
  expect(codes.filter((code) => code === 'otp.device_locked')).toHaveLength(15)
})

test('right PINs at once are all answered and count for nothing', async () => {
  await add('Okta', 'A')
  const many = await Promise.all(Array.from({ length: 12 }, () => read()))
  expect(many.every((one) => one.length === 1)).toBe(true)
  expect(readDevice(house.ctx.db.read, ada.accountId, deviceId)).toMatchObject({ wrongPins: 0, lockedAt: null })
})

test('a clock moved back begins the lock anew, and no more', async () => {
  await guess(5)
  house.clock.move(-365 * 24 * 60 * minute)
  await expect(read()).rejects.toMatchObject(locked(15))
  house.clock.move(15 * minute)
  expect(await read()).toEqual([])
})

test('another device is not held up by the lock of one', async () => {
  await guess(5)
  const other = await addDevice(house.ctx, ada, { name: 'tablet', password: '1' }, here)
  expect(await readOtps(house.ctx, ada, { deviceId: other.id, password: '1' }, here)).toEqual([])
})

test('somebody else’s device is unknown, with the right PIN too, and their tries lock nobody out', async () => {
  await add('Okta', 'A')
  const eve = house.session(house.account())
  for (let n = 0; n < 7; n++) await expect(read('123456', eve)).rejects.toMatchObject({ code: 'otp.device_unknown' })
  expect(await read()).toHaveLength(1)
})

test('a changed password opens the same secrets; the old one is wrong', async () => {
  await add('Okta', 'A')
  const sealed = house.ctx.db.read.select().from(otps).all()
  await changeDevicePassword(house.ctx, ada, { deviceId, password: '123456', newPassword: 'longer one' }, here)
  await expect(read()).rejects.toMatchObject(wrong)
  expect(await read('longer one')).toMatchObject([{ account: 'Okta', secret: 'A' }])
  expect(house.ctx.db.read.select().from(otps).all()).toEqual(sealed)
})

test('a ciphertext swapped between rows fails to open, and the others open', async () => {
  const ids = [...(await add('Okta', 'A')), ...(await add('Gmail', 'B')), ...(await add('Bank', 'C'))].map(
    ({ id }) => id,
  )
  const [first, second] = [...pagesOfOtps(house.ctx.db.read, deviceId)].flat()
  await house.ctx.db.write((tx) => {
    tx.update(otps)
      .set({ secret: second?.secret })
      .where(eq(otps.id, first?.id ?? 0))
      .run()
    tx.update(otps)
      .set({ secret: first?.secret })
      .where(eq(otps.id, second?.id ?? 0))
      .run()
  })
  expect(await read()).toMatchObject([
    { id: ids[0], secret: { code: 'otp.secret_damaged' } },
    { id: ids[1], secret: { code: 'otp.secret_damaged' } },
    { id: ids[2], secret: 'C' },
  ])
})

test('a wrapped key moved to another device opens nothing there, and locks nobody out', async () => {
  const mine = await addDevice(house.ctx, ada, { name: 'mine', password: 'known' }, here)
  const stolen = readDevice(house.ctx.db.read, ada.accountId, mine.id)
  await house.ctx.db.write((tx) =>
    tx
      .update(otpDevices)
      .set({ stretching: stolen?.stretching, wrappedKey: stolen?.wrappedKey })
      .where(eq(otpDevices.id, deviceId))
      .run(),
  )
  for (let n = 0; n < 6; n++) await expect(read('known')).rejects.toMatchObject({ code: 'otp.secret_damaged' })
})

test('a stolen database does not tell the right PIN from a wrong one; only the server’s key does', async () => {
  await add('Okta', 'A')
  const stolen = new Sqlite(join(house.dataFolder, 'hearthkeep.sqlite'), { readonly: true })
  const device = stolen.prepare('select stretching, wrapped_key from otp_devices where id = ?').get(deviceId)
  stolen.close()
  const row = device as { stretching: string; wrapped_key: Buffer }
  const { salt, logN, r, p } = readStretching(row.stretching)
  expect(2 ** logN * r * p).toBeGreaterThanOrEqual(2 ** 18)
  const pinKey = scryptSync('123456', salt, 32, { N: 2 ** logN, r, p, maxmem: 2 ** 27 })
  const withKey = (serverKey: Buffer) => unwrapMasterKey({ serverKey, pinKey }, deviceId, row.wrapped_key)
  for (const guessed of [Buffer.alloc(32), pinKey, house.ctx.secrets.accessTokenKey])
    expect(() => withKey(guessed)).toThrow(expect.objectContaining({ code: 'otp.secret_damaged' }))
  expect(withKey(house.ctx.secrets.serverKey)).toHaveLength(32)
})

test('neither PIN nor secret lies in the database in the clear', async () => {
  await add('Okta', 'LhBcxADNq0NrcPlxwP5skw')
  const copy = join(house.dataFolder, 'copy.sqlite')
  new Sqlite(join(house.dataFolder, 'hearthkeep.sqlite')).exec(`vacuum into '${copy}'`).close()
  const bytes = readFileSync(copy)
  expect(bytes.includes('Okta')).toBe(true)
  for (const secret of ['LhBcxADNq0NrcPlxwP5skw', '123456'])
    expect([secret, bytes.includes(secret)]).toEqual([secret, false])
})

test('a hundred devices and twenty thousand OTPs are the most; a list comes whole or not at all', async () => {
  const { db } = house.ctx
  await db.write((tx) => {
    for (let n = 0; n < 19_999; n++)
      tx.insert(otps)
        .values({ deviceId, account: 'x', secret: Buffer.of(1), createdAt: 0 })
        .run()
  })
  const two = ['A', 'B'].map((secret) => ({ account: 'x', secret }))
  const device = { deviceId, password: '123456' }
  const full = { code: 'otp.limit_reached' }
  await expect(addOtps(house.ctx, ada, device, two, here)).rejects.toMatchObject(full)
  expect(await add('last', 'A')).toHaveLength(1)
  await expect(add('one more', 'A')).rejects.toMatchObject(full)
  await db.write((tx) => {
    for (let n = 0; n < 99; n++)
      tx.insert(otpDevices)
        .values({ accountId: ada.accountId, name: 'x', stretching: '', wrappedKey: Buffer.of(1), createdAt: 0 })
        .run()
  })
  const more = addDevice(house.ctx, ada, { name: 'x', password: 'x' }, here)
  await expect(more).rejects.toMatchObject({ code: 'otp.limit_reached' })
})

test('eight mebibytes of labels and secrets are the most, so that they always fit into one answer', async () => {
  const mebibyte = 1024 * 1024
  const kept = { deviceId, createdAt: 0 }
  await house.ctx.db.write((tx) => {
    for (let n = 0; n < 4; n++)
      tx.insert(otps)
        .values({ ...kept, account: 'ä'.repeat(mebibyte / 2), secret: Buffer.alloc(mebibyte, 1) })
        .run()
  })
  await expect(add('one more', 'A')).rejects.toMatchObject({ code: 'otp.limit_reached' })
})

test('a deleted device takes its OTPs along, also while somebody writes to it', async () => {
  await add('Okta', 'A')
  const [, writing] = await Promise.allSettled([deleteDevice(house.ctx, ada, deviceId, here), add('Gmail', 'B')])
  expect(writing).toMatchObject({ status: 'rejected', reason: { code: 'otp.device_unknown' } })
  expect(house.ctx.db.read.select().from(otps).all()).toEqual([])
})

test('a person who goes takes devices, OTPs and number along', async () => {
  await add('Okta', 'A')
  await house.ctx.db.write((tx) => {
    claimUserId(tx, ada.accountId)
    tx.delete(accounts).where(eq(accounts.id, ada.accountId)).run()
  })
  for (const table of [otps, otpDevices, otpUsers]) expect(house.ctx.db.read.select().from(table).all()).toEqual([])
})
