import { afterEach, beforeEach, expect, test } from 'vitest'
import { isWeakPassword, isWrongPasswordOrDamaged } from '#client/crypto/errors.ts'
import { seal } from '#client/crypto/seal.ts'
import { type StubServer, startStubServer } from '#client/node/testing/stub-server.ts'
import { CloudBackupClient } from './cloud-backup-client.ts'
import { createDeviceKeys } from './device-keys.ts'
import { encodeBackup } from './encode-backup.ts'
import { isIdentityMismatch, isUploadInProgress, isVersionConflict } from './errors.ts'
import type { IdentityBackup } from './identity-backup.ts'
import { loadBackup, type SaveOptions, saveBackup } from './save-backup.ts'
import { backupOf, contact, identityOf, cheapKdf as kdf } from './test-backups.ts'

const password = 'backup password'
const ann = backupOf([contact('ann', { updatedAt: 1 })])
const bob = backupOf([contact('bob', { updatedAt: 2 })])

let server: StubServer
let client: CloudBackupClient

beforeEach(async () => {
  server = await startStubServer()
  client = new CloudBackupClient({ server: server.url })
  await client.signUp('alice', 'account password')
})

afterEach(() => server[Symbol.asyncDispose]())

const pause = async () => {}
const save = (backup: IdentityBackup, options: SaveOptions = {}) =>
  saveBackup(client, backup, password, { kdf, pause, ...options })

async function failure(promise: Promise<unknown>): Promise<unknown> {
  return promise.then(
    () => expect.unreachable('it succeeded'),
    (error) => error,
  )
}

test('saves the first version and loads it again on a device that knows only names and passwords', async () => {
  expect(await loadBackup(client, password)).toBeNull()
  expect(await save(ann)).toMatchObject({ version: 1, conflicts: [], gained: false })
  const fresh = new CloudBackupClient({ server: server.url })
  await fresh.signIn('alice', 'account password')
  expect(await loadBackup(fresh, password)).toEqual({ backup: ann, version: 1 })
})

test('the server never holds a readable byte of the backup', async () => {
  await save(backupOf([contact('very-secret-friend')]))
  expect(server.slot('alice').bytes.toString('latin1')).not.toContain('secret-friend')
})

test('merges with what another device saved meanwhile, and says so', async () => {
  await save(ann)
  const saved = await save(bob)
  expect(saved).toMatchObject({ version: 2, conflicts: [1], gained: true })
  expect((await loadBackup(client, password))?.backup.contacts.map(({ username }) => username)).toEqual(['ann', 'bob'])
})

test('gains nothing when the other device knew only what this one knows', async () => {
  await save(ann)
  const both = backupOf([...bob.contacts, ...ann.contacts], { createdAt: ann.createdAt - 5, deviceName: 'old' })
  expect(await save(both)).toMatchObject({ version: 2, gained: false })
})

test('replaces without merging when it has seen the stored version, so contacts can be removed', async () => {
  await save(backupOf([...ann.contacts, ...bob.contacts]))
  expect(await save(bob, { lastSeen: 1 })).toMatchObject({ version: 2, conflicts: [] })
  expect((await loadBackup(client, password))?.backup).toEqual(bob)
})

test('two devices that save at once both find their contacts afterwards', async () => {
  const other = new CloudBackupClient({ server: server.url })
  await other.signIn('alice', 'account password')
  const options = { kdf, pause }
  await Promise.all([saveBackup(client, ann, password, options), saveBackup(other, bob, password, options)])
  const names = (await loadBackup(client, password))?.backup.contacts.map(({ username }) => username)
  expect(names).toEqual(['ann', 'bob'])
  expect(server.slot('alice').version).toBe(2)
})

test('leaves everything as it is when told to fail on a conflict', async () => {
  await save(ann)
  const before = Buffer.from(server.slot('alice').bytes)
  expect(isVersionConflict(await failure(save(bob, { onConflict: 'fail' })))).toBe(true)
  expect(server.slot('alice').version).toBe(1)
  expect(server.slot('alice').bytes.equals(before)).toBe(true)
})

test('uploads nothing over another identity, unless told to replace it', async () => {
  await save(ann)
  const stranger = backupOf([], { identity: identityOf(2) })
  expect(isIdentityMismatch(await failure(save(stranger)))).toBe(true)
  expect(server.slot('alice').version).toBe(1)
  expect(await save(stranger, { onConflict: 'replace' })).toMatchObject({ version: 2 })
  server.conflictsCarryEtag = false
  expect(await save(ann, { onConflict: 'replace' })).toMatchObject({ version: 3, conflicts: [2] })
  expect((await loadBackup(client, password))?.backup).toEqual(ann)
})

test('uploads nothing over a backup it cannot open', async () => {
  await saveBackup(client, ann, 'another password', { kdf })
  expect(isWrongPasswordOrDamaged(await failure(save(bob)))).toBe(true)
  expect(server.slot('alice').version).toBe(1)
})

test('refuses a weak password before anything is sent', async () => {
  const sent = server.requests.length
  expect(isWeakPassword(await failure(saveBackup(client, ann, 'twelve chars', { kdf })))).toBe(true)
  expect(server.requests).toHaveLength(sent)
})

test('starts over where the server has lost its backups', async () => {
  expect(await save(ann, { lastSeen: 9 })).toMatchObject({ version: 1, conflicts: [0] })
})

test('waits for another upload to end', async () => {
  server.uploadInProgress = true
  const waits: number[] = []
  const wait = async (ms: number) => {
    waits.push(ms)
    server.uploadInProgress = waits.length < 3
  }
  expect(await save(ann, { pause: wait })).toMatchObject({ version: 1, conflicts: [] })
  expect(waits).toHaveLength(3)
  server.uploadInProgress = true
  expect(isUploadInProgress(await failure(save(bob, { lastSeen: 1 })))).toBe(true)
})

test('gives up after losing the race five more times', async () => {
  const rival = await seal(encodeBackup(bob), password, { kdf })
  server.store('alice', rival)
  const onStep: SaveOptions['onStep'] = (step) => {
    if (step === 'upload') server.store('alice', rival)
  }
  expect(isVersionConflict(await failure(save(ann, { onStep })))).toBe(true)
  expect(server.requests.filter(({ method, path }) => `${method} ${path}` === 'POST /v1/backup')).toHaveLength(6)
})

test('works on a device’s own slot, which insists on a condition', async () => {
  await client.addDevice((await createDeviceKeys('phone')).registration)
  expect(await save(ann)).toMatchObject({ version: 1, conflicts: [] })
  expect(await save(bob)).toMatchObject({ version: 2, conflicts: [1], gained: true })
})
