import { mkdtempSync, readdirSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { createBackupKey, lockBackupKey } from '#client/surfaces/factors/backup-key.ts'
import { createSigningKey } from '#client/surfaces/factors/signing-key.ts'
import type { SyncDevice } from '#client/surfaces/factors/sync-device.ts'
import { recallDevice, rememberDevice } from './state-file.ts'

const server = 'http://127.0.0.1:4180'
let folder: string
let file: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'hearthkeep-state-'))
  file = join(folder, 'deep', 'state.json')
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

async function device(backupId: string): Promise<SyncDevice> {
  const signing = await createSigningKey({ extractable: true })
  return { backupId, signing, backupKey: createBackupKey(), seen: { manifestHash: 'ab', savedAt: 7 } }
}

test('gives back the device it was given, for its owner alone', async () => {
  const one = await device('a')
  await rememberDevice(file, server, one)
  const { signing, ...rest } = (await recallDevice(file, server)) ?? (await device('none'))
  expect({ ...rest, publicKey: signing.publicKey }).toEqual({
    backupId: 'a',
    backupKey: one.backupKey,
    seen: one.seen,
    publicKey: one.signing.publicKey,
  })
  expect([statSync(file).mode & 0o777, statSync(join(folder, 'deep')).mode & 0o777]).toEqual([0o600, 0o700])
})

test('keeps what many commands write at once, and leaves no lock behind', async () => {
  const ids = Array.from({ length: 12 }, (_, index) => `id-${index}`)
  await Promise.all(ids.map(async (id) => rememberDevice(file, server, await device(id))))
  for (const id of ids) expect((await recallDevice(file, server, id))?.backupId).toBe(id)
  expect(readdirSync(join(folder, 'deep'))).toEqual(['state.json'])
})

test('a lock that a crash left is not waited for for ever', async () => {
  await rememberDevice(file, server, await device('a'))
  writeFileSync(`${file}.lock`, '')
  utimesSync(`${file}.lock`, 1, 1)
  await rememberDevice(file, server, await device('b'))
  expect((await recallDevice(file, server, 'b'))?.backupId).toBe('b')
})

test('asks which backup is meant where there are several, and keeps servers apart', async () => {
  await rememberDevice(file, server, await device('a'))
  await rememberDevice(file, server, await device('b'))
  await expect(recallDevice(file, server)).rejects.toThrow(/--backup:\n {2}a\n {2}b/)
  expect(await recallDevice(file, 'http://127.0.0.1:1')).toBeNull()
})

test('a locked key, or a file that is no state, is refused and nothing is written over', async () => {
  const one = await device('a')
  const locked = { ...one, backupKey: await lockBackupKey(createBackupKey()) }
  await expect(rememberDevice(file, server, locked)).rejects.toThrow(TypeError)
  await rememberDevice(file, server, one)
  writeFileSync(file, '{"format":1,"backups":[{"server":"x"}]}')
  await expect(recallDevice(file, server)).rejects.toThrow(/left as it is/)
  await expect(rememberDevice(file, server, one)).rejects.toThrow(/left as it is/)
})
