import { writeFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { readZip } from '#client/surfaces/personas/read-zip.ts'
import { factorBackupLinks, factorBackups } from '#db/schema/index.ts'
import type { WebActor } from '#server/people/web-session.ts'
import { someBytes, type TestHome, testHome } from '#server/testing.ts'
import { exportAccount } from './export-account.ts'
import { ExportNames } from './export-names.ts'

function actorOf(home: TestHome, accountId: string): WebActor {
  return { accountId, name: 'ada', role: 'member', sessionId: '', provenAt: home.clock.now() }
}

async function exported(home: TestHome, accountId: string) {
  const parts: Uint8Array[] = []
  for await (const part of await exportAccount(home.ctx, actorOf(home, accountId), '::1')) parts.push(part)
  return readZip(Buffer.concat(parts))
}

test('one damaged object is named, and everything else is there', async () => {
  await using home = await testHome()
  const accountId = home.account()
  const slot = home.slot(accountId)
  const [first, second] = [someBytes(), someBytes()]
  await slot.put(first, 0)
  await slot.put(second, 1)
  writeFileSync(home.objectPath(slot.find().blobId), someBytes(100))
  const files = await exported(home, accountId)
  expect(Buffer.from(files.get('earlier versions/cloud/shared, version 1.backup') ?? []).equals(first)).toBe(true)
  expect(files.has('cloud/shared.backup')).toBe(false)
  expect(Buffer.from(files.get('NOT COMPLETE.txt') ?? []).toString()).toContain('cloud/shared.backup')
  expect(files.has('README.txt')).toBe(true)
})

test('nothing of anybody else is in it', async () => {
  await using home = await testHome()
  const [mine, theirs] = [home.account(), home.account()]
  await home.slot(theirs).put(someBytes(), 0)
  const files = await exported(home, mine)
  expect([...files.keys()].filter((name) => name.includes('/'))).toEqual(['codes/list.json'])
  expect(files.has('NOT COMPLETE.txt')).toBe(false)
})

test('a reader that leaves half-way leaves no file open', async () => {
  await using home = await testHome()
  const accountId = home.account()
  await home.slot(accountId).put(someBytes(900_000), 0)
  for await (const _part of await exportAccount(home.ctx, actorOf(home, accountId), '::1')) break
})

test('wants a proof', async () => {
  await using home = await testHome()
  const actor = actorOf(home, home.account())
  home.clock.move(10 * 60_000)
  await expect(exportAccount(home.ctx, actor, '::1')).rejects.toMatchObject({ code: 'auth.proof_needed' })
})

test('names are what every file system takes, each once, whatever things are called', () => {
  const names = new ExportNames()
  const path = (name: string) => names.path('x', name, '.zip')
  expect(path('work')).toBe('x/work.zip')
  expect(path('WORK')).toBe('x/WORK (2).zip')
  expect(path('work.zip')).toBe('x/work (3).zip')
  expect(path('../../etc/passwd')).toBe('x/__.._etc_passwd.zip')
  expect(path('con')).toBe('x/_con.zip')
  expect(path('')).toBe('x/_.zip')
  expect(path('a\u202Efdp.exe\n')).toBe('x/a_fdp.exe_.zip')
  expect(path('x'.repeat(500))).toHaveLength(2 + 120 + 4)
})

test('a backup on one’s list comes with the keys that were wrapped for it; a deleted one does not', async () => {
  await using home = await testHome()
  const accountId = home.account()
  const bytes = someBytes()
  for (const [name, deletedAt] of [
    ['Photos', null],
    ['Old', 1],
  ] as const) {
    const slot = home.slot(home.account())
    await slot.put(bytes, 0)
    const backup = {
      key: name,
      id: `backup_account_${name}`,
      manifestHash: 'aa',
      version: 1,
      createdAt: 0,
      updatedAt: 0,
    }
    home.ctx.db.read
      .insert(factorBackups)
      .values({ ...backup, deletedAt, blobId: slot.find().blobId })
      .run()
    home.ctx.db.read.insert(factorBackupLinks).values({ accountId, backupKey: name, name, createdAt: 0 }).run()
  }
  const files = await exported(home, accountId)
  expect([...files.keys()].filter((name) => name.startsWith('backups/'))).toEqual([
    'backups/Photos.sealed',
    'backups/Photos.sealed.json',
  ])
  expect(Buffer.from(files.get('backups/Photos.sealed') ?? []).equals(bytes)).toBe(true)
  const metadata = JSON.parse(Buffer.from(files.get('backups/Photos.sealed.json') ?? []).toString())
  expect(metadata).toMatchObject({ id: 'backup_account_Photos', keys: [], factors: [] })
})
