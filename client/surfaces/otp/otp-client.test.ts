import { afterEach, beforeEach, expect, test } from 'vitest'
import { isNetworkError, isProtocolError, isServerError, type ServerError } from '#client/transport/errors.ts'
import { Transport } from '#client/transport/transport.ts'
import { isDeviceUnknown, isNotSignedIn, isPinLocked, isRefused, isWrongPin, type PinLocked } from './errors.ts'
import { OtpClient } from './otp-client.ts'
import { storeOtps } from './store-otps.ts'
import { type OtpStub, startOtpStub } from './stub-server.ts'
import { failure, rfcSecret } from './testing.ts'

const email = 'ada@example.org'
const password = 'pässwörd 🦔'
const pin = '123456'
const gmail = { account: 'Gmail', secret: rfcSecret }

let server: OtpStub
let client: OtpClient
let device: number

beforeEach(async () => {
  server = await startOtpStub()
  client = new OtpClient({ server: new Transport({ baseUrl: server.url, pause: async () => {} }) })
  await client.register(email, password)
  await client.signIn(email, password)
  device = (await client.addDevice('phone', pin)).id
})

afterEach(() => server[Symbol.asyncDispose]())

test('stores, lists, fetches and deletes what an authenticator keeps', async () => {
  const added = await client.addOtp(device, pin, gmail)
  await client.addOtp(device, pin, { account: 'Okta 🦔', secret: 'any\ntext' })
  expect(await client.devices()).toMatchObject([{ id: device, name: 'phone', otps: [added, { account: 'Okta 🦔' }] }])
  expect((await client.otps(device, pin)).otps).toMatchObject([gmail, { account: 'Okta 🦔', secret: 'any\ntext' }])
  await client.renameOtp(added.id, 'Mail')
  await client.deleteOtp(added.id + 1)
  expect(await client.otps(device, pin)).toEqual({ otps: [{ ...gmail, account: 'Mail', id: added.id }], damaged: [] })
  const uris = ['GitHub:ada', 'ada'].map((label) => `otpauth://totp/${label}?secret=${rfcSecret}`)
  expect(await client.importOtps(device, pin, uris)).toMatchObject([{ account: 'GitHub:ada' }, { account: 'ada' }])
})

test('renames and deletes devices, and changes their PIN', async () => {
  await client.addOtp(device, pin, gmail)
  expect(await client.renameDevice(device, 'old phone')).toEqual({ id: device, name: 'old phone' })
  await client.changePin(device, pin, '654321')
  expect(isWrongPin(await failure(client.otps(device, pin)))).toBe(true)
  expect((await client.otps(device, '654321')).otps).toHaveLength(1)
  await client.deleteDevice(device)
  expect(await client.devices()).toEqual([])
})

test('sends passwords and secrets as variables, where no log of queries finds them', async () => {
  await client.addOtp(device, pin, gmail)
  await client.changePin(device, pin, '654321')
  for (const { query } of server.requests) expect(query).not.toMatch(/123456|654321|pässwörd|GEZDG|ada@/)
  expect(server.requests[0]?.authorization).toBeUndefined()
})

test('tells a wrong sign-in, an ended one and none apart from a wrong PIN', async () => {
  const stranger = new OtpClient({ server: server.url })
  expect(isNotSignedIn(await failure(stranger.signIn(email, 'wrong')))).toBe(true)
  expect(isNotSignedIn(await failure(stranger.devices()))).toBe(true)
  expect(server.requests.at(-1)?.field).toBe('signInUser')
  server.tokens.clear()
  const ended = await failure(client.devices())
  expect([isNotSignedIn(ended), String(ended)]).toEqual([true, expect.stringContaining('has ended')])
})

test('says how long a device is locked, and tries no further by itself', async () => {
  for (let time = 0; time < 5; time += 1) expect(isWrongPin(await failure(client.otps(device, '0')))).toBe(true)
  const before = server.requests.length
  const locked = await failure(client.otps(device, pin))
  expect([isPinLocked(locked), (locked as PinLocked).retryAfter]).toEqual([true, 900])
  expect(server.requests).toHaveLength(before + 1)
})

test('knows the refusals of the contract by their words', async () => {
  expect(isRefused(await failure(client.register(email, 'x')), 'account-exists')).toBe(true)
  expect(isRefused(await failure(client.register('', 'x')), 'invalid-parameters')).toBe(true)
  expect(isRefused(await failure(client.addDevice('phone', '')), 'invalid-parameters')).toBe(true)
  expect(isRefused(await failure(client.deleteOtp(99)), 'unknown-otp')).toBe(true)
  expect(isDeviceUnknown(await failure(client.otps(99, pin)))).toBe(true)
  expect(isDeviceUnknown(await failure(client.addOtp(99, pin, gmail)))).toBe(true)
  server.registrationClosed = true
  expect(isRefused(await failure(client.register('new@x.org', 'x')), 'registration-closed')).toBe(true)
})

const headers = { 'Content-Type': 'application/json' }
const said = (message: string) => JSON.stringify({ data: null, errors: [{ message }] })

test('reads any other refusal in the server’s own words, cleaned for a terminal', async () => {
  server.failNext({ status: 200, body: said('Query\u001b[2J too deep'), headers })
  const refused = await failure(client.devices())
  expect([isRefused(refused, 'other'), (refused as Error).message]).toEqual([true, 'Query [2J too deep'])
  server.failNext({ status: 413, body: said('Payload too large'), headers })
  const large = await failure(client.devices())
  expect([isServerError(large, 413), (large as Error).message]).toEqual([true, 'Payload too large'])
  server.failNext({ status: 500, body: '<html>at /home/x.js:1</html>', headers: { 'Content-Type': 'text/html' } })
  expect((await failure(client.devices())) as Error).toMatchObject({ message: 'The server answered 500' })
})

test('waits when the server is busy, and says so when it stays busy', async () => {
  const busy = { status: 503, headers: { 'Retry-After': '7' }, body: said('The server is busy') }
  server.failNext(busy)
  expect(await client.devices()).toHaveLength(1)
  for (let time = 0; time < 3; time += 1) server.failNext(busy)
  expect(((await failure(client.devices())) as ServerError).message).toBe('The server is busy; try again in 7 s')
})

test('repeats what only reads when the answer is lost, and nothing that would be done twice', async () => {
  server.failNext('lose-answer')
  expect((await client.otps(device, pin)).otps).toEqual([])
  server.failNext('lose-answer')
  expect(isNetworkError(await failure(client.addOtp(device, pin, gmail)))).toBe(true)
  expect((await client.otps(device, pin)).otps).toHaveLength(1)
})

test('reads the others where one secret is damaged', async () => {
  const otps = [
    { id: '1', account: 'good', secret: 'x' },
    { id: '2', account: 'bad', secret: null },
  ]
  const errors = [{ message: 'The stored secret is damaged.', path: ['otps', 1, 'secret'] }]
  server.failNext({ status: 200, body: JSON.stringify({ data: { otps }, errors }), headers })
  expect(await client.otps(device, pin)).toEqual({
    otps: [{ id: 1, account: 'good', secret: 'x' }],
    damaged: [{ id: 2, account: 'bad' }],
  })
})

test('stores one by one what the server refuses in bulk, and nothing after any other refusal', async () => {
  const otps = ['a', 'b'].map((account) => ({ account, secret: rfcSecret }))
  const progress: number[] = []
  server.failNext({ status: 200, body: said('Invalid otpauth URI at position 2.'), headers })
  await storeOtps(client, { deviceId: device, pin }, otps, (stored) => progress.push(stored))
  expect([progress, server.devices[0]?.otps.map(({ account }) => account)]).toEqual([
    [1, 2],
    ['a', 'b'],
  ])
  expect(isWrongPin(await failure(storeOtps(client, { deviceId: device, pin: '0' }, otps)))).toBe(true)
  expect(server.devices[0]).toMatchObject({ wrong: 1, otps: [{}, {}] })
})

test('sends many in requests the server takes', async () => {
  const otps = Array.from({ length: 1200 }, (_, index) => ({
    account: `Site ${index}:${'ü'.repeat(40)}`,
    secret: rfcSecret,
  }))
  const before = server.requests.length
  await storeOtps(client, { deviceId: device, pin }, otps)
  const sizes = server.requests.slice(before).map((request) => JSON.stringify(request).length)
  expect([server.devices[0]?.otps.length, Math.max(...sizes) < 100 * 1024]).toEqual([1200, true])
})

test('recognises that something else answers at this address', async () => {
  for (const body of ['<html>my printer</html>', '[]', '{}', '{"data":{"devices":[{"id":"x","name":"y"}]}}', 'null']) {
    server.failNext({ status: 200, body, headers })
    expect(isProtocolError(await failure(client.devices()))).toBe(true)
  }
})

test('signs out here and there, and here alone when the server cannot be reached', async () => {
  const token = client.token ?? ''
  await client.signOut()
  expect([client.token, server.tokens.has(token)]).toEqual([null, false])
  const elsewhere = new OtpClient({
    server: new Transport({ baseUrl: 'http://127.0.0.1:1', pause: async () => {} }),
    token,
  })
  await elsewhere.signOut()
  expect(elsewhere.token).toBeNull()
})

test('keeps passwords, PINs and secrets out of every error', async () => {
  const errors = [
    await failure(client.signIn(email, 'wrong secret')),
    await failure(client.otps(device, 'wrong secret')),
    await failure(new OtpClient({ server: 'http://127.0.0.1:1', token: 'wrong secret' }).addOtp(1, pin, gmail)),
  ]
  for (const error of errors) {
    expect(String((error as Error).stack) + JSON.stringify(error)).not.toMatch(/wrong secret|GEZDG/)
  }
})
