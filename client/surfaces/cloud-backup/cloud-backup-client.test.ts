import { afterEach, beforeEach, expect, test } from 'vitest'
import { isClientError } from '#client/errors/client-error.ts'
import { type StubServer, startStubServer } from '#client/node/testing/stub-server.ts'
import { isProtocolError, isServerError } from '#client/transport/errors.ts'
import { CloudBackupClient } from './cloud-backup-client.ts'
import { createDeviceKeys } from './device-keys.ts'
import { isUploadInProgress, isVersionConflict, type VersionConflict } from './errors.ts'

const password = 'account password'
const blob = (fill: number, length = 64) => new Uint8Array(length).fill(fill)

let server: StubServer
let client: CloudBackupClient

beforeEach(async () => {
  server = await startStubServer()
  client = new CloudBackupClient({ server: server.url })
  await client.signUp('alice', password)
})

afterEach(() => server[Symbol.asyncDispose]())

async function failure(promise: Promise<unknown>): Promise<unknown> {
  return promise.then(
    () => expect.unreachable('it succeeded'),
    (error) => error,
  )
}

const paths = () => server.requests.map(({ method, path }) => `${method} ${path}`)

test('stores, describes, fetches and replaces the one backup of a user', async () => {
  expect(await client.head()).toBeNull()
  expect(await client.get()).toEqual({ kind: 'none' })
  expect(await client.put(blob(1))).toEqual({ version: 1 })
  expect(await client.put(blob(2), { ifMatch: 1 })).toEqual({ version: 2 })
  expect(await client.head()).toEqual({ version: 2, size: 64 })
  expect(await client.get()).toEqual({ kind: 'backup', version: 2, bytes: blob(2) })
  expect(await client.get({ ifNoneMatch: 2 })).toEqual({ kind: 'unchanged' })
  expect(await client.get({ ifNoneMatch: 1 })).toMatchObject({ kind: 'backup' })
})

test('says which version is stored when another device was faster, in either scope', async () => {
  await client.put(blob(1))
  for (const condition of [{}, { ifMatch: 7 }, { ifNoneMatch: '*' as const }]) {
    const conflict = await failure(client.put(blob(2), condition))
    expect(isVersionConflict(conflict)).toBe(true)
    expect((conflict as VersionConflict).current).toBe(1)
  }
  await client.addDevice((await createDeviceKeys()).registration)
  await client.put(blob(3), { ifNoneMatch: '*' })
  server.conflictsCarryEtag = false
  const conflict = await failure(client.put(blob(4), { ifMatch: 9 }))
  expect(isVersionConflict(conflict) && conflict.current).toBeNull()
})

test('tells an upload in progress from a conflict', async () => {
  server.uploadInProgress = true
  const error = await failure(client.put(blob(1)))
  expect([isUploadInProgress(error), isVersionConflict(error)]).toEqual([true, false])
})

test('repeats an upload whose answer was lost and gets the version it made', async () => {
  server.failNext('POST', '/v1/backup', 'lose-answer')
  expect(await client.put(blob(1))).toEqual({ version: 1 })
  server.failNext('POST', '/v1/backup', 'lose-answer')
  expect(await client.put(blob(2), { ifMatch: 1 })).toEqual({ version: 2 })
  server.failNext('POST', '/v1/backup', 'drop')
  expect(await client.put(blob(3), { ifMatch: 2 })).toEqual({ version: 3 })
  expect(server.slot('alice').version).toBe(3)
})

test('does not take another device’s first backup for its own lost one', async () => {
  server.failNext('POST', '/v1/backup', 'drop')
  const put = client.put(blob(1), { ifNoneMatch: '*' })
  server.store('alice', blob(9))
  expect(isVersionConflict(await failure(put))).toBe(true)
})

test('refreshes once for all the calls that find their token ended', async () => {
  await client.put(blob(1))
  server.expireTokens()
  const answers = await Promise.all([
    client.head(),
    client.get(),
    client.listDevices(),
    client.put(blob(2), { ifMatch: 1 }),
  ])
  expect(answers[3]).toEqual({ version: 2 })
  expect(paths().filter((path) => path === 'POST /v1/sessions/refresh')).toHaveLength(1)
})

test('gives up with 401 when the refresh token has ended too, after one try', async () => {
  const stale = new CloudBackupClient({ server: server.url, session: client.session ?? undefined })
  await client.refresh()
  server.expireTokens()
  expect(isServerError(await failure(stale.head()), 401)).toBe(true)
  expect(paths().filter((path) => path === 'POST /v1/sessions/refresh')).toHaveLength(2)
})

test('hands every new session to whoever keeps it, and null at the end', async () => {
  const kept: unknown[] = []
  const keeper = new CloudBackupClient({
    server: server.url,
    onSession: (session) => kept.push(session?.refreshToken ?? null),
  })
  const first = await keeper.signIn('Alice', password)
  const second = await keeper.refresh()
  await keeper.signOut()
  expect(kept).toEqual([first.refreshToken, second.refreshToken, null])
  expect(isClientError(await failure(keeper.head()), 'not-signed-in')).toBe(true)
  const gone = new CloudBackupClient({ server: server.url, session: second })
  expect(isServerError(await failure(gone.refresh()), 401)).toBe(true)
})

test('forgets the session even when the server cannot be told', async () => {
  server.failNext('DELETE', '/v1/sessions', 'drop')
  await client.signOut()
  expect(client.session).toBeNull()
})

test('refuses a wrong password and an unknown user alike', async () => {
  for (const name of ['alice', 'nobody']) {
    expect(isServerError(await failure(client.signIn(name, 'not the password')), 401)).toBe(true)
  }
})

test('registers, lists, renames and removes devices, each with a slot of its own', async () => {
  await client.put(blob(1))
  const session = await client.addDevice((await createDeviceKeys('phone')).registration)
  expect(await client.head()).toBeNull()
  expect(await client.listDevices()).toMatchObject([{ deviceId: session.deviceId, name: 'phone' }])
  const id = session.deviceId ?? ''
  expect(await client.renameDevice(id, 'old phone')).toMatchObject({ name: 'old phone' })
  expect((await client.signIn('alice', password, id)).deviceId).toBe(id)
  await client.removeDevice(id)
  expect(isServerError(await failure(client.removeDevice(id)), 404)).toBe(true)
})

test('does not fall back to the user’s slot when the server no longer knows the device', async () => {
  const fresh = new CloudBackupClient({ server: server.url })
  expect(isClientError(await failure(fresh.signIn('alice', password, crypto.randomUUID())), 'device-unknown')).toBe(
    true,
  )
  expect(fresh.session).toBeNull()
})

test('recognises that something else answers at this address', async () => {
  server.failNext('POST', '/v1/sessions', { status: 200, body: '<html>my printer</html>' })
  expect(isProtocolError(await failure(client.signIn('alice', password)))).toBe(true)
  server.failNext('POST', '/v1/sessions', { status: 200, body: '{"hello":1}' })
  expect(isProtocolError(await failure(client.signIn('alice', password)))).toBe(true)
  server.failNext('POST', '/v1/backup', { status: 200 })
  expect(isProtocolError(await failure(client.put(blob(1))))).toBe(true)
})

test('keeps passwords and tokens out of every error', async () => {
  const errors = [
    await failure(client.signIn('alice', 'wrong secret')),
    await failure(client.put(blob(1), { ifMatch: 5 })),
    await failure(new CloudBackupClient({ server: 'http://127.0.0.1:1' }).signIn('alice', 'wrong secret')),
  ]
  for (const error of errors) {
    expect(String((error as Error).stack)).not.toContain('wrong secret')
    expect(JSON.stringify(error)).not.toContain(client.session?.token)
  }
})
