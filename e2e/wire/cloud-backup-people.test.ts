import { randomBytes, randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createDeviceKeys } from '#client/surfaces/cloud-backup/device-keys.ts'
import { addDevice, error, freshName, password, postJson, said, signUp, slot } from '#e2e/support/cloud.ts'
import { startServer, type TestServer } from '#e2e/support/server.ts'

let server: TestServer
let url: string
beforeAll(async () => {
  server = await startServer()
  url = server.url
})
afterAll(() => server?.[Symbol.asyncDispose]())

const asPerson = (method: string, path: string, token: string, body?: unknown) =>
  fetch(url + path, {
    method,
    headers: { Authorization: `Bearer ${token}`, 'Content-Type': 'application/json' },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  })

function claims(token: string): Record<string, unknown> {
  expect(token.split('.')).toHaveLength(3)
  return JSON.parse(atob((token.split('.')[1] ?? '').replace(/-/g, '+').replace(/_/g, '/')))
}

describe('POST /v1/users', () => {
  test('answers 201 with a user-scoped session that lasts 900 s', async () => {
    const session = await signUp(url)
    const { sub, device_id, exp } = claims(session.token)
    expect(sub).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/)
    expect(device_id).toBeUndefined()
    expect(exp).toBe(session.expiresAt)
    expect(Math.abs(session.expiresAt - Date.now() / 1000 - 900)).toBeLessThan(10)
    expect(session.refreshToken).toMatch(/^[A-Za-z0-9_-]{43}$/)
    expect(Object.keys(session).sort()).toEqual(['expiresAt', 'refreshToken', 'token', 'username'])
  })

  const names = 'Username must be between 3 and 50 characters and can only contain letters, numbers, and underscores'
  test.each([
    [{ username: '', password }, 400, 'Username cannot be empty'],
    [{ username: 'ab', password }, 400, names],
    [{ username: 'a'.repeat(51), password }, 400, names],
    [{ username: 'with space', password }, 400, names],
    [{ username: 'müller', password }, 400, names],
    [{ username: 'short_pw', password: 'elevenbytes' }, 400, 'Password must be at least 12 characters long'],
  ])('%j is %i', async (body, status, text) => {
    expect(await said(postJson(url, '/v1/users', body))).toEqual([status, error(text)])
  })

  test('extra keys of old clients are ignored', async () => {
    const body = { username: freshName(), password, identityKey: 'x', oneTimePreKeys: [] }
    expect((await postJson(url, '/v1/users', body)).status).toBe(201)
  })

  test('a name is taken in any letter case, and of many at once one gets it', async () => {
    const { username } = await signUp(url)
    const again = postJson(url, '/v1/users', { username: username.toUpperCase(), password })
    expect(await said(again)).toEqual([409, error('Username already exists')])
    const name = freshName()
    const answers = await Promise.all(
      Array.from({ length: 6 }, () => postJson(url, '/v1/users', { username: name, password })),
    )
    expect(answers.map((answer) => answer.status).sort()).toEqual([201, 409, 409, 409, 409, 409])
  })
})

describe('bodies', () => {
  test.each([
    ['{"username":', 'application/json', 400],
    ['{"username":"x"}', 'text/plain', 415],
    ['{"username":"someone_new"}', 'application/json', 422],
    ['{"username":1,"password":2}', 'application/json', 422],
    ['[]', 'application/json', 422],
    ['null', 'application/json', 422],
    ['', 'application/json', 400],
    ['\xff\xfe', 'application/json', 400],
  ])('%j as %s is %i in the envelope', async (body, type, status) => {
    const bytes = Buffer.from(body, 'latin1')
    const answer = await fetch(`${url}/v1/users`, { method: 'POST', headers: { 'Content-Type': type }, body: bytes })
    expect(answer.status).toBe(status)
    expect(Object.keys((await answer.json()) as object)).toEqual(['error'])
  })

  test('no Content-Type is 415, over 2 MB is 413', async () => {
    const none = await fetch(`${url}/v1/sessions`, { method: 'POST', body: Buffer.from('{}') })
    expect(none.status).toBe(415)
    const large = await postJson(url, '/v1/sessions', { username: 'x'.repeat(2_200_000), password })
    expect(large.status).toBe(413)
  })
})

describe('POST /v1/sessions', () => {
  test('signs in with any letter case of the name; wrong password and unknown user are the same 401', async () => {
    const { username } = await signUp(url)
    expect((await postJson(url, '/v1/sessions', { username: username.toUpperCase(), password })).status).toBe(200)
    const unauthorized = [401, error('Unauthorized')]
    expect(await said(postJson(url, '/v1/sessions', { username, password: 'wrong password' }))).toEqual(unauthorized)
    expect(await said(postJson(url, '/v1/sessions', { username: freshName(), password }))).toEqual(unauthorized)
  })

  test('is device-scoped for a device of one’s own, silently user-scoped for any other id', async () => {
    const someone = await signUp(url)
    const device = await addDevice(url, someone.token)
    const stranger = await addDevice(url, (await signUp(url)).token)
    const signIn = async (deviceId: unknown) =>
      (await postJson(url, '/v1/sessions', { username: someone.username, password, deviceId })).json()
    const own = (await signIn(device.deviceId)) as { token: string; deviceId: string }
    expect(own.deviceId).toBe(device.deviceId)
    expect(claims(own.token).device_id).toBe(device.deviceId)
    expect(await signIn(stranger.deviceId)).not.toHaveProperty('deviceId')
    expect(await signIn(randomUUID())).not.toHaveProperty('deviceId')
    expect(await signIn(null)).not.toHaveProperty('deviceId')
    const bad = postJson(url, '/v1/sessions', { username: someone.username, password, deviceId: 'phone' })
    expect(await said(bad)).toEqual([400, error('Invalid device_id')])
  })
})

describe('refresh tokens', () => {
  const refresh = (refreshToken: string) => postJson(url, '/v1/sessions/refresh', { refreshToken })

  test('rotate, keep the device, and die at once', async () => {
    const device = await addDevice(url, (await signUp(url)).token)
    const next = (await (await refresh(device.refreshToken)).json()) as { refreshToken: string; deviceId: string }
    expect(next.deviceId).toBe(device.deviceId)
    expect(next.refreshToken).not.toBe(device.refreshToken)
    expect((await refresh('A'.repeat(43))).status).toBe(401)
  })

  test('a spent one shown again ends the whole session, access token included', async () => {
    const first = await signUp(url)
    const second = (await (await refresh(first.refreshToken)).json()) as { refreshToken: string; token: string }
    expect((await slot(url, second.token).get()).status).toBe(404)
    expect((await refresh(first.refreshToken)).status).toBe(401)
    expect((await refresh(second.refreshToken)).status).toBe(401)
    expect((await slot(url, second.token).get()).status).toBe(401)
  })

  test('of two uses at once at most one wins', async () => {
    const { refreshToken } = await signUp(url)
    const statuses = (await Promise.all([refresh(refreshToken), refresh(refreshToken)])).map((answer) => answer.status)
    expect(statuses.sort()).toEqual([200, 401])
  })
})

describe('DELETE /v1/sessions', () => {
  test('ends the session, is 200 for an unknown token, and leaves other people’s alone', async () => {
    const [mine, other] = [await signUp(url), await signUp(url)]
    expect((await asPerson('DELETE', '/v1/sessions', mine.token, { refreshToken: other.refreshToken })).status).toBe(
      200,
    )
    expect((await postJson(url, '/v1/sessions/refresh', { refreshToken: other.refreshToken })).status).toBe(200)
    const gone = await asPerson('DELETE', '/v1/sessions', mine.token, { refreshToken: mine.refreshToken })
    expect([gone.status, await gone.text()]).toEqual([200, ''])
    expect((await asPerson('GET', '/v1/devices', mine.token)).status).toBe(401)
    expect((await asPerson('DELETE', '/v1/sessions', 'none', { refreshToken: 'x' })).status).toBe(401)
  })
})

describe('devices', () => {
  test('are listed oldest first, renamed, and removed with their slot and sessions', async () => {
    const someone = await signUp(url)
    const [one, two] = [await addDevice(url, someone.token), await addDevice(url, someone.token)]
    const list = (await (await asPerson('GET', '/v1/devices', someone.token)).json()) as {
      devices: Array<{ deviceId: string; name: string | null; createdAt: string }>
    }
    expect(list.devices.map((device) => device.deviceId)).toEqual([one.deviceId, two.deviceId])
    expect(new Date(list.devices[0]?.createdAt ?? '').getTime()).toBeGreaterThan(Date.now() - 60_000)

    const renamed = await asPerson('PUT', `/v1/devices/${one.deviceId}`, someone.token, { name: 'Küche' })
    expect(await renamed.json()).toMatchObject({ deviceId: one.deviceId, name: 'Küche' })
    const tooLong = await asPerson('PUT', `/v1/devices/${one.deviceId}`, someone.token, { name: 'x'.repeat(101) })
    expect(tooLong.status).toBe(400)

    await slot(url, one.token).put(randomBytes(64), { 'If-None-Match': '*' })
    expect((await asPerson('DELETE', `/v1/devices/${one.deviceId}`, someone.token)).status).toBe(200)
    expect((await slot(url, one.token).get()).status).toBe(401)
    expect((await postJson(url, '/v1/sessions/refresh', { refreshToken: one.refreshToken })).status).toBe(401)
    expect((await asPerson('GET', `/v1/devices/${one.deviceId}`, someone.token)).status).toBe(404)
  })

  test('of somebody else are 404, no UUID is 400', async () => {
    const [mine, other] = [await signUp(url), await signUp(url)]
    const { deviceId } = await addDevice(url, other.token)
    for (const method of ['GET', 'DELETE'])
      expect(await said(asPerson(method, `/v1/devices/${deviceId}`, mine.token))).toEqual([404, error('Not found')])
    expect((await asPerson('PUT', `/v1/devices/${deviceId}`, mine.token, { name: 'mine' })).status).toBe(404)
    expect((await asPerson('GET', '/v1/devices/not-a-uuid', mine.token)).status).toBe(400)
    expect((await asPerson('GET', '/v1/devices/%ZZ', mine.token)).status).toBe(400)
  })

  test('are ten at most', async () => {
    const { token } = await signUp(url)
    for (let n = 0; n < 10; n++) await addDevice(url, token)
    const { registration } = await createDeviceKeys()
    expect(await said(postJson(url, '/v1/devices', registration, token))).toEqual([
      403,
      error('Device limit reached. Maximum allowed is 10.'),
    ])
  })

  test('need keys of the right shape and a true signature', async () => {
    const { token } = await signUp(url)
    const { registration: good } = await createDeviceKeys()
    const { registration: other } = await createDeviceKeys()
    const key = (n: number) => ({ keyId: n, publicKey: good.identityKey })
    const bad: Array<[unknown, string | null]> = [
      [{ ...good, identityKey: 'not base64!' }, null],
      [{ ...good, identityKey: Buffer.alloc(32, 5).toString('base64') }, null],
      [{ ...good, identityKey: Buffer.alloc(33, 6).toString('base64') }, null],
      [{ ...good, signedPreKey: { ...good.signedPreKey, signature: Buffer.alloc(63).toString('base64') } }, null],
      [{ ...good, signedPreKey: other.signedPreKey }, 'Invalid signature'],
      [{ ...good, oneTimePreKeys: [key(1), key(2), key(2)] }, 'Duplicate prekey ID: 2'],
      [{ ...good, oneTimePreKeys: Array.from({ length: 101 }, (_, n) => key(n)) }, 'Batch too large. Limit is 100'],
    ]
    for (const [body, text] of bad) {
      const [status, answer] = await said(postJson(url, '/v1/devices', body, token))
      expect(status).toBe(400)
      if (text) expect(answer).toEqual(error(text))
    }
    expect((await (await asPerson('GET', '/v1/devices', token)).json()) as object).toEqual({ devices: [] })
  })

  test('may replace their keys; with another identity the backup stays', async () => {
    const someone = await signUp(url)
    const { registration } = await createDeviceKeys('phone')
    const device = (await (await postJson(url, '/v1/devices', registration, someone.token)).json()) as { token: string }
    await slot(url, device.token).put(randomBytes(64), { 'If-None-Match': '*' })
    const keys = (body: unknown, token = device.token) => said(postJson(url, '/v1/devices/keys', body, token))

    const { identityKey, registrationId, signedPreKey, oneTimePreKeys } = registration
    expect(await keys({ signedPreKey, oneTimePreKeys })).toEqual([
      400,
      error(`Signed Pre-Key ID ${signedPreKey.keyId} must be greater than current ID ${signedPreKey.keyId}`),
    ])
    const newer = { ...signedPreKey, keyId: signedPreKey.keyId + 1 }
    expect(await keys({ signedPreKey: newer, oneTimePreKeys })).toEqual([200, ''])

    const { registration: taken } = await createDeviceKeys()
    const takeover = { identityKey: taken.identityKey, signedPreKey: taken.signedPreKey, oneTimePreKeys: [] }
    expect(await keys(takeover)).toEqual([400, error('registrationId is required when identityKey is provided')])
    expect(await keys({ ...takeover, registrationId })).toEqual([200, ''])
    expect((await slot(url, device.token).head()).headers.get('etag')).toBe('"1"')
    expect(await keys({ ...takeover, identityKey, registrationId })).toEqual([400, error('Invalid signature')])
    expect(await keys(takeover, someone.token)).toEqual([403, error('Device-scoped token required')])
  })
})

test('what is not ours is 404 in the envelope', async () => {
  const { token } = await signUp(url)
  for (const [method, path] of [
    ['POST', '/v1/gateway/ticket'],
    ['GET', `/v1/users/${randomUUID()}`],
    ['GET', '/v1/nothing'],
    ['GET', '/v1/backup/'],
  ] as const)
    expect(await said(asPerson(method, path, token))).toEqual([404, error('Not found')])
})

test('every answer has x-request-id, the request’s own if it is fit for a log', async () => {
  const given = await fetch(`${url}/v1/backup`, { headers: { 'x-request-id': 'my-id.1' } })
  expect(given.headers.get('x-request-id')).toBe('my-id.1')
  const made = await fetch(`${url}/v1/backup`)
  expect(made.headers.get('x-request-id')).toMatch(/^[0-9a-f-]{36}$/)
  expect(made.headers.get('x-powered-by')).toBeNull()
})

test('nothing secret is in the log, at its most talkative', async () => {
  await using talkative = await startServer({ env: { HEARTHKEEP_LOG_LEVEL: 'trace' } })
  const session = await signUp(talkative.url)
  await slot(talkative.url, session.token).put(Buffer.from('the very secret body of this backup, sealed'))
  await postJson(talkative.url, '/v1/sessions', { username: session.username, password: 'a wrong pass phrase' })
  await postJson(talkative.url, '/v1/sessions/refresh', { refreshToken: session.refreshToken })
  const log = talkative.log()
  expect(log).toContain('putBackup')
  for (const secret of [
    password,
    'a wrong pass phrase',
    session.token,
    session.refreshToken,
    'secret body',
    session.username,
  ])
    expect(log).not.toContain(secret)
})

test('sign-in is limited to a burst of three, then one a second, an address, with the seconds to wait', async () => {
  await using strict = await startServer({ env: { HEARTHKEEP_RATE_LIMIT: 'on' } })
  // All at once: on a slow machine the limit would let more in meanwhile.
  const burst = (headers: (n: number) => Record<string, string>) =>
    Promise.all(
      Array.from({ length: 30 }, (_, n) =>
        fetch(`${strict.url}/v1/sessions/refresh`, {
          method: 'POST',
          headers: { 'Content-Type': 'application/json', ...headers(n) },
          body: '{"refreshToken":"x"}',
        }),
      ),
    )
  const answers = await burst(() => ({}))
  const statuses = answers.map(({ status }) => status)
  expect(statuses.filter((status) => status === 401).length).toBeGreaterThanOrEqual(3)
  expect(new Set(statuses)).toEqual(new Set([401, 429]))
  const refused = answers.find(({ status }) => status === 429)
  expect(Number(refused?.headers.get('retry-after'))).toBeGreaterThan(0)
  expect(Number(refused?.headers.get('x-ratelimit-after'))).toBeGreaterThan(0)
  expect(refused?.headers.get('content-type')).toMatch(/^text\/plain/)
  const forged = await burst((n) => ({ 'X-Forwarded-For': `203.0.113.${n}` }))
  expect(forged.map(({ status }) => status)).toContain(429)
})

test('registration that is closed or by invitation refuses with 403', async () => {
  for (const policy of ['closed', 'invite']) {
    await using shut = await startServer({ env: { HEARTHKEEP_REGISTRATION: policy } })
    const [status] = await said(postJson(shut.url, '/v1/users', { username: freshName(), password }))
    expect(status).toBe(403)
  }
})
